/// The throughput of one contender over its rounds.
struct ThroughputSummary: Codable {
    let contender: String
    let decisionsPerSecond: Spread
    /// The ratio to the baseline, round by round.
    let ratio: Spread
    /// The host's throughput divided by this contender's, round by round; `nil` if the host did not take part.
    let hostRatio: Spread?
    /// The host's processor time divided by this contender's, round by round; `nil` if the host did not take part.
    let hostProcessorRatio: Spread?
    let contenderMicrosecondsPerPlan: Spread
    /// The ratio of processor time to the baseline's.
    let processorRatio: Spread
    let redisMicrosecondsPerPlan: Spread
    let bytesPerDecision: Double
    /// The least share of the due reports that the execution layer had written by the last decision.
    let shareReported: Double?
    /// The least share of them that the contender had settled by then.
    let shareSettled: Double?
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
        hostProcessorRatio = host.flatMap { Spread($0, rounds, \.contenderMicrosecondsPerPlan) }
        processorRatio = processor
        contenderMicrosecondsPerPlan = own
        redisMicrosecondsPerPlan = redis
        bytesPerDecision = first.bytesPerDecision
        shareReported = rounds.compactMap { $0.execution?.shareReported }.min()
        shareSettled = rounds.compactMap { $0.execution?.shareSettled }.min()
        self.rounds = rounds
    }
}
