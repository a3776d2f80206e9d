/// A sweep over the values of one parameter.
struct SweepSummary: Codable {
    let sweep: Sweep
    let points: [SweepPoint]
}

struct SweepPoint: Codable {
    let value: Int
    let decisionsPerSecond: Spread
    let hostMicrosecondsPerPlan: Spread
    let redisMicrosecondsPerPlan: Spread

    init?(value: Int, _ rounds: [ThroughputRound]) {
        guard let rate = Spread(rounds.map(\.decisionsPerSecond)),
            let host = Spread(rounds.map(\.contenderMicrosecondsPerPlan)),
            let redis = Spread(rounds.map(\.redisMicrosecondsPerPlan))
        else { return nil }
        self.value = value
        decisionsPerSecond = rate
        hostMicrosecondsPerPlan = host
        redisMicrosecondsPerPlan = redis
    }
}

/// The host's allocations, counted in a separate round because counting takes time.
struct AllocationSummary: Codable {
    let plans: Int
    let perPlan: Double
    let bytesPerPlan: Double
}
