/// One number over several rounds.
struct Spread: Codable {
    let median: Double
    let minimum: Double
    let maximum: Double

    /// Returns `nil` without values.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        minimum = first
        maximum = last
    }
}

extension Spread {
    /// The quotients round by round; `nil` without rounds or if a divisor is zero.
    init?<Round>(_ rounds: [Round], _ others: [Round], _ value: (Round) -> Double) {
        guard others.allSatisfy({ value($0) > 0 }) else { return nil }
        self.init(zip(rounds, others).map { value($0) / value($1) })
    }
}
