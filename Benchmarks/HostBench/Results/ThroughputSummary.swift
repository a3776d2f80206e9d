/// The throughput of one contender over its rounds.
struct ThroughputSummary: Codable {
    let contender: String
    let decisionsPerSecond: Spread
    /// Of each round, against the first contender's in the same round.
    let ratio: Spread
    /// How many times as fast the host is, round by round, where it took part.
    let hostRatio: Spread?
    let contenderMicrosecondsPerPlan: Spread
    /// Against the first contender's processor time.
    let processorRatio: Spread
    let redisMicrosecondsPerPlan: Spread
    let bytesPerDecision: Double
    let rounds: [ThroughputRound]

    /// `nil` without rounds. `baseline` and `host` have as many rounds as this one.
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
    /// Of the quotients round by round; `nil` without rounds or where a divisor is zero.
    init?(_ rounds: [ThroughputRound], _ others: [ThroughputRound], _ value: (ThroughputRound) -> Double) {
        guard others.allSatisfy({ value($0) > 0 }) else { return nil }
        self.init(zip(rounds, others).map { value($0) / value($1) })
    }
}
