/// The settings of one run.
struct Settings: Codable {
    var parts: [Part]
    var rounds: Int
    var plans: Int
    var batch: Int
    var symbols: Int
    /// Plans per second of the latency rounds.
    var rates: [Int]
    /// The percentage of the contender's sustained rate for one more latency round; 0 leaves it out.
    var loadPercent: Int
    /// The length of a latency round.
    var seconds: Int
    var sweeps: [Sweep]
    var sweepRounds: Int
    var sweepPlans: Int
    var soakPlans: Int

    var scenario: Scenario { Scenario(plans: plans, batch: batch, symbols: symbols) }

    var sweepScenario: Scenario { Scenario(plans: sweepPlans, batch: batch, symbols: symbols) }
}

/// The parts of a run.
enum Part: String, Codable, CaseIterable {
    case throughput, latency, sweeps, allocations, soak
}
