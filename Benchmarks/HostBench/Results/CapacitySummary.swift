/// The highest rate that a contender sustained in one round; 0 if none.
struct CapacityRound: Codable {
    struct Probe: Codable {
        let rate: Int
        let isSustained: Bool
        let percentiles: Percentiles
    }

    let plansPerSecond: Int
    /// In the order of the search.
    let probes: [Probe]
}

/// The capacity of one contender.
struct CapacitySummary: Codable {
    let contender: String
    let plansPerSecond: Spread
    /// The ratio to the baseline, round by round.
    let ratio: Spread?
    let rounds: [CapacityRound]

    /// Returns `nil` without rounds.
    init?(_ contender: String, _ rounds: [CapacityRound], baseline: [CapacityRound]) {
        guard let spread = Spread(rounds.map { Double($0.plansPerSecond) }) else { return nil }
        self.contender = contender
        plansPerSecond = spread
        ratio = Spread(rounds, baseline) { Double($0.plansPerSecond) }
        self.rounds = rounds
    }
}
