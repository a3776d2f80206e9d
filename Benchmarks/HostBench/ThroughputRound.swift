/// How fast a contender works off a stream that is already full.
struct ThroughputRound: Codable {
    private static let startTimeout: Duration = .seconds(20)
    private static let drainTimeout: Duration = .seconds(60)

    let contender: String
    let permits: Int
    let blocks: Int
    let decisionsPerSecond: Double
    /// Processor time per plan between the first commit and the last: starting up does not count.
    let contenderMicrosecondsPerPlan: Double
    let redisMicrosecondsPerPlan: Double
    /// Contenders write records of about the same size, or they do not do the same work.
    let bytesPerDecision: Double

    init(_ contender: any Contender, _ settings: Settings) throws {
        let stage = try Stage()
        defer { stage.close() }
        let workload = Workload(symbols: settings.symbols)
        try workload.seedRecords(stage)
        try workload.publish(0..<settings.plans, stage)

        let process = try ContenderProcess(contender, stage, settings)
        try wait(upTo: Self.startTimeout, every: .milliseconds(1), orElse: "\(contender.name) decided nothing within \(Self.startTimeout)") {
            try process.checkRunning()
            return try stage.decisionCount() > 0
        }
        let contenderStart = try ProcessStatistics(of: process.identifier)
        let redisStart = try ProcessStatistics(of: stage.redisIdentifier)
        let decidedAtStart = try stage.decisionCount()

        var decided = decidedAtStart
        try wait(
            upTo: Self.drainTimeout, every: .milliseconds(10),
            orElse: "\(contender.name) decided \(decided) of \(settings.plans) plans within \(Self.drainTimeout)"
        ) {
            try process.checkRunning()
            decided = try stage.decisionCount()
            return decided >= settings.plans
        }
        let contenderMicroseconds = try ProcessStatistics(of: process.identifier).microseconds(since: contenderStart)
        let redisMicroseconds = try ProcessStatistics(of: stage.redisIdentifier).microseconds(since: redisStart)
        try process.stop()

        let audit = try DecisionAudit(stage, workload: workload, plans: settings.plans)
        guard audit.count > decidedAtStart else { throw BenchError("too few plans: \(contender.name) was done before it could be watched") }
        let watched = Double(audit.count - decidedAtStart)
        self.contender = contender.name
        permits = audit.permits
        blocks = audit.blocks
        decisionsPerSecond = try audit.rate()
        contenderMicrosecondsPerPlan = contenderMicroseconds / watched
        redisMicrosecondsPerPlan = redisMicroseconds / watched
        bytesPerDecision = audit.bytesPerDecision
    }
}
