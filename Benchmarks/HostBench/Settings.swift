/// What one run of the bench measures.
struct Settings: Codable {
    var rounds: Int
    var plans: Int
    var batch: Int
    var symbols: Int
    /// Plans per second of the latency rounds.
    var rates: [Int]
    /// Length of a latency round.
    var seconds: Int

    /// Beyond any stream of these rounds, so that the decision stream is never trimmed and can be counted.
    var decisionMaxLength: Int { 2 * (max(plans, (rates.max() ?? 0) * seconds) + LatencyRound.warmUpPlans) }
}
