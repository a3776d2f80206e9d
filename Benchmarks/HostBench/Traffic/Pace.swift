/// When plans are sent.
enum Pace {
    /// So many a second, whatever becomes of them: who falls behind does not slow the clock that he is measured by.
    case rate(Int)
    /// As many as are decided, so that so many are always on their way: what a contender can do at most while plans
    /// keep coming.
    case window(Int)

    /// How many plans of a run are due.
    func due(after elapsed: UInt64, decided: Int) -> Int {
        switch self {
        case .rate(let rate): Int(elapsed * UInt64(rate) / 1_000_000_000) + 1
        case .window(let size): decided + size
        }
    }

    /// Nanoseconds after the start at which a plan ought to be sent; `nil` where nothing but decisions tells.
    func intended(_ offset: Int) -> UInt64? {
        switch self {
        case .rate(let rate): (UInt64(offset) * 1_000_000_000 + UInt64(rate) - 1) / UInt64(rate)
        case .window: nil
        }
    }
}
