/// The times at which plans are sent.
enum Pace {
    /// Plans per second, independent of the decisions: a slow contender does not slow the clock that measures it.
    case rate(Int)
    /// Keeps this number of plans undecided, to find the contender's highest rate while plans keep coming.
    case window(Int)

    /// The number of plans that are due.
    func due(after elapsed: UInt64, decided: Int) -> Int {
        switch self {
        case .rate(let rate): Int(elapsed * UInt64(rate) / 1_000_000_000) + 1
        case .window(let size): decided + size
        }
    }

    /// The due time of a plan in nanoseconds after the start; `nil` if it depends on decisions.
    func intended(_ offset: Int) -> UInt64? {
        switch self {
        case .rate(let rate): (UInt64(offset) * 1_000_000_000 + UInt64(rate) - 1) / UInt64(rate)
        case .window: nil
        }
    }
}
