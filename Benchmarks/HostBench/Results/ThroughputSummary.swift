/// The throughput of one contender over its rounds.
struct ThroughputSummary: Codable {
    let contender: String
    let decisionsPerSecond: Spread
    /// The ratio to the first contender, round by round.
    let ratio: Spread
    /// The host's throughput divided by this contender's, round by round; `nil` if the host did not take part.
    let hostRatio: Spread?
    let contenderMicrosecondsPerPlan: Spread
    /// The ratio of processor time to the first contender's.
    let processorRatio: Spread
    let redisMicrosecondsPerPlan: Spread
    let bytesPerDecision: Double
    let rounds: [ThroughputRound]

    /// Returns `nil` without rounds. `baseline` and `host` must have as many rounds.
    init?(_ rounds: [ThroughputRound], baseline: [ThroughputRound], host: [ThroughputRound]?) {
        guard let first = rounds.first,
            let rate = Spread(rounds.map(\.decisionsPerSecond)),
            let ratio = Spread(rounds, baseline, \.decisionsPerSecond),
            let processor = Spread(rounds, baseline, \.contenderMicrosecondsPerPlan),
            let own = Spread(rounds.map(\.contenderMicrosecondsPerPlan)),
            let redis = Spread(rounds.map(\.redisMicrosecondsPerPlan))
        else { return nil }
        contender = first.contender
        decisionsPerSecond = rate
        self.ratio = ratio
        hostRatio = host.flatMap { Spread($0, rounds, \.decisionsPerSecond) }
        processorRatio = processor
        contenderMicrosecondsPerPlan = own
        redisMicrosecondsPerPlan = redis
        bytesPerDecision = first.bytesPerDecision
        self.rounds = rounds
    }
}

extension Spread {
    /// The quotients round by round; `nil` without rounds or if a divisor is zero.
    init?(_ rounds: [ThroughputRound], _ others: [ThroughputRound], _ value: (ThroughputRound) -> Double) {
        guard others.allSatisfy({ value($0) > 0 }) else { return nil }
        self.init(zip(rounds, others).map { value($0) / value($1) })
    }
}
