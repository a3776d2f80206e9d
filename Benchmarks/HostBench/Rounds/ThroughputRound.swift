/// The rate at which a contender decides the plans of a full stream.
struct ThroughputRound: Codable {
    private static let drainTimeout: Duration = .seconds(60)

    let contender: String
    let permits: Int
    let blocks: Int
    let decisionsPerSecond: Double
    /// Processor time per plan of all processes of the contender, without their start.
    let contenderMicrosecondsPerPlan: Double
    let redisMicrosecondsPerPlan: Double
    /// Must be about equal for all contenders, or they do not do the same work.
    let bytesPerDecision: Double
    /// `nil` unless counted.
    let allocationsPerPlan: Double?
    let allocatedBytesPerPlan: Double?

    init(_ contender: any Contender, _ scenario: Scenario, countingAllocations: Bool = false) throws {
        let stage = try Stage(ownCores: scenario.hosts == 1)
        defer { stage.close() }
        let workload = Workload(symbols: scenario.symbols)
        try workload.seedRecords(stage)
        let start = try Self.fill(stage, workload, scenario)
        let group = try ContenderGroup(contender, stage, scenario)
        try group.waitUntilReading(stage)

        let allocationsBefore = countingAllocations ? try AllocationCounts(stage) : nil
        let contenderBefore = try group.processorTime()
        let redisBefore = try ProcessStatistics(of: stage.redisIdentifier)
        try Self.release(stage, workload, scenario, from: start)
        var decided = 0
        try wait(
            upTo: Self.drainTimeout, every: .milliseconds(5),
            orElse: "\(contender.name) decided \(decided) of \(scenario.plans) plans within \(Self.drainTimeout)"
        ) {
            try group.checkRunning()
            decided = try stage.decisionCount()
            return decided >= scenario.plans
        }
        let contenderAfter = try group.processorTime()
        let redisAfter = try ProcessStatistics(of: stage.redisIdentifier)
        let allocationsAfter = countingAllocations ? try AllocationCounts(stage) : nil
        try group.stop()

        let audit = try DecisionAudit(stage, workload: workload, plans: scenario.plans)
        let plans = Double(scenario.plans)
        self.contender = contender.name
        permits = audit.permits
        blocks = audit.blocks
        decisionsPerSecond = try audit.rate()
        contenderMicrosecondsPerPlan = (contenderAfter - contenderBefore) / plans
        redisMicrosecondsPerPlan = redisAfter.microseconds(since: redisBefore) / plans
        bytesPerDecision = audit.bytesPerDecision
        allocationsPerPlan = zip(allocationsBefore, allocationsAfter).map {
            Double($1.allocations - $0.allocations) / plans
        }
        allocatedBytesPerPlan = zip(allocationsBefore, allocationsAfter).map { Double($1.bytes - $0.bytes) / plans }
    }

    /// Fills the stream with all plans but the last, behind the scenario's earlier entries. The group's position is the
    /// stream's end, so no contender reads them yet. Returns the id of the entry before the first plan.
    private static func fill(_ stage: Stage, _ workload: Workload, _ scenario: Scenario) throws -> String {
        var sender = try PlanSender(workload, socketPath: stage.socketPath)
        let others = scenario.plans..<scenario.plans + scenario.processedBefore + scenario.pendingElsewhere
        try sender.publish(others.prefix(scenario.processedBefore))
        try stage.createGroup()
        try sender.publish(others.suffix(scenario.pendingElsewhere))
        try stage.leavePending(scenario.pendingElsewhere)
        let start = try stage.newest(Wire.plans)
        try sender.publish(0..<scenario.plans - 1)
        try stage.command("XGROUP", "SETID", Wire.plans, Wire.group, "$")
        return start
    }

    /// Sets the group back to the first plan, and publishes the last one to wake the contenders.
    private static func release(_ stage: Stage, _ workload: Workload, _ scenario: Scenario, from start: String) throws {
        var sender = try PlanSender(workload, socketPath: stage.socketPath)
        try stage.command("XGROUP", "SETID", Wire.plans, Wire.group, start)
        try sender.publish(scenario.plans - 1..<scenario.plans)
    }
}

private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
