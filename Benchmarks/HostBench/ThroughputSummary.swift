/// The throughput of one contender over its rounds.
struct ThroughputSummary: Codable {
    let contender: String
    let decisionsPerSecond: Spread
    /// Of each round, against the first contender's in the same round.
    let ratio: Spread
    let contenderMicrosecondsPerPlan: Spread
    let redisMicrosecondsPerPlan: Spread
    let bytesPerDecision: Double
    let rounds: [ThroughputRound]

    /// `nil` without rounds. `baseline` has as many rounds as this one.
    init?(_ rounds: [ThroughputRound], baseline: [ThroughputRound]) {
        guard let first = rounds.first,
            let rate = Spread(rounds.map(\.decisionsPerSecond)),
            let ratio = Spread(zip(rounds, baseline).map { $0.decisionsPerSecond / $1.decisionsPerSecond }),
            let own = Spread(rounds.map(\.contenderMicrosecondsPerPlan)),
            let redis = Spread(rounds.map(\.redisMicrosecondsPerPlan))
        else { return nil }
        contender = first.contender
        decisionsPerSecond = rate
        self.ratio = ratio
        contenderMicrosecondsPerPlan = own
        redisMicrosecondsPerPlan = redis
        bytesPerDecision = first.bytesPerDecision
        self.rounds = rounds
    }
}
