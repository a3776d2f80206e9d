/// The rate at which a contender decides the plans of a full stream.
struct ThroughputRound: Codable {
    let contender: String
    let permits: Int
    let blocks: Int
    let decisionsPerSecond: Double
    /// Processor time per plan of all processes of the contender, without their start.
    let contenderMicrosecondsPerPlan: Double
    let redisMicrosecondsPerPlan: Double
    /// Must be about equal for all contenders, or they do not do the same work.
    let bytesPerDecision: Double
    /// `nil` without an execution layer.
    let execution: ExecutionWork?
    /// `nil` if the contender does not tell.
    let judgedAgain: JudgedAgain?
    /// `nil` unless counted.
    let allocationsPerPlan: Double?
    let allocatedBytesPerPlan: Double?

    init(_ contender: any Contender, _ scenario: Scenario, countingAllocations: Bool = false) throws {
        let stage = try Stage(ownCores: true)
        defer { stage.close() }
        let workload = Workload(symbols: scenario.symbols)
        try workload.seedRecords(stage)
        try Self.prepare(stage, workload, scenario)
        let drain = try StreamDrain(stage, workload, plans: 0..<scenario.plans)
        let execution = try scenario.execution.map {
            try ExecutionLayer(scenario.executionProgram, $0, workload, stage, after: drain.lastDecision)
        }
        let group = try ContenderGroup(contender, stage, scenario)
        try group.waitUntilReading(stage)

        let allocationsBefore = countingAllocations ? try AllocationCounts(stage) : nil
        let contenderBefore = try group.processorTime()
        let redisBefore = try ProcessStatistics(of: stage.redisIdentifier)
        let executionBefore = try execution.map { try ProcessStatistics(of: $0.identifier) }
        try drain.run(group)
        let contenderAfter = try group.processorTime()
        let redisAfter = try ProcessStatistics(of: stage.redisIdentifier)
        let executionAfter = try execution.map { try ProcessStatistics(of: $0.identifier) }
        let reports = try execution.map { _ in try ExecutionLayer.reports(stage) }
        let settled = try execution.flatMap { _ in try ExecutionLayer.settled(stage) }
        let allocationsAfter = countingAllocations ? try AllocationCounts(stage) : nil
        judgedAgain = contender.servesMetrics ? try JudgedAgain(group, decisions: scenario.plans) : nil
        try execution?.checkRunning()
        try execution?.stop()
        try group.stop()

        let audit = try drain.audit()
        let plans = Double(scenario.plans)
        self.contender = contender.name
        let granted = audit.permits
        permits = granted
        blocks = audit.blocks
        decisionsPerSecond = try audit.rate()
        contenderMicrosecondsPerPlan = (contenderAfter - contenderBefore) / plans
        redisMicrosecondsPerPlan = redisAfter.microseconds(since: redisBefore) / plans
        bytesPerDecision = audit.bytesPerDecision
        self.execution = zip(executionBefore, executionAfter).flatMap { before, after in
            ExecutionWork(
                microsecondsPerPlan: after.microseconds(since: before) / plans, reports: reports ?? 0, settled: settled,
                due: granted * (scenario.execution?.reported ?? 0) / 100)
        }
        allocationsPerPlan = zip(allocationsBefore, allocationsAfter).map {
            Double($1.allocations - $0.allocations) / plans
        }
        allocatedBytesPerPlan = zip(allocationsBefore, allocationsAfter).map { Double($1.bytes - $0.bytes) / plans }
    }

    /// Fills the stream with the scenario's earlier entries. The group's position is behind them.
    private static func prepare(_ stage: Stage, _ workload: Workload, _ scenario: Scenario) throws {
        var sender = try PlanSender(workload, socketPath: stage.socketPath)
        let others = scenario.plans..<scenario.plans + scenario.processedBefore + scenario.pendingElsewhere
        try sender.publish(others.prefix(scenario.processedBefore))
        try stage.createGroup()
        try sender.publish(others.suffix(scenario.pendingElsewhere))
        try stage.leavePending(scenario.pendingElsewhere)
    }
}

/// The execution layer's work in a round.
struct ExecutionWork: Codable {
    let microsecondsPerPlan: Double
    /// The reports at the time of the last decision, and those that all permits were worth.
    let reports: Int
    /// Those of them that the contender had settled; `nil` if it settles none.
    let settled: Int?
    let due: Int

    /// Falls below 1 if the execution layer does not keep up.
    var shareReported: Double { due > 0 ? Double(reports) / Double(due) : 1 }
    var shareSettled: Double? { settled.map { due > 0 ? Double($0) / Double(due) : 1 } }
}

private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
