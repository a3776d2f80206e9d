/// What one run of the bench measures.
struct Settings: Codable {
    var parts: [Part]
    var rounds: Int
    var plans: Int
    var batch: Int
    var symbols: Int
    /// Plans per second of the latency rounds.
    var rates: [Int]
    /// A further latency round, at so many percent of what the contender can sustain; 0 leaves it out.
    var loadPercent: Int
    /// Length of a latency round.
    var seconds: Int
    var sweeps: [Sweep]
    var sweepRounds: Int
    var sweepPlans: Int
    var soakPlans: Int

    var scenario: Scenario { Scenario(plans: plans, batch: batch, symbols: symbols) }

    var sweepScenario: Scenario { Scenario(plans: sweepPlans, batch: batch, symbols: symbols) }
}

/// What a run can be made of.
enum Part: String, Codable, CaseIterable {
    case throughput, latency, sweeps, allocations, soak
}
