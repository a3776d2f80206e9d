/// The rate at which a latency round sends plans.
enum Load: Hashable {
    case rate(Int)
    /// A percentage of the contender's own sustained rate.
    case percent(Int)

    func rate(maximum: Double) -> Int {
        switch self {
        case .rate(let rate): rate
        case .percent(let percent): max(1, Int(maximum * Double(percent) / 100))
        }
    }

    var label: String {
        switch self {
        case .rate(let rate): Report.number(Double(rate))
        case .percent(let percent): "\(percent) %"
        }
    }
}
