import Foundation

/// A host with so many live grants on one symbol: plans that were permitted and that nobody has reported.
struct GrantsRound: Codable {
    private static let fillTimeout: Duration = .seconds(110)
    private static let loneRate = 100
    private static let loneSeconds = 4.0

    /// The memory per live grant, in bytes.
    struct Memory: Codable {
        let byClass: [String: Double]
        /// All of Redis, without the plans, which producers trim.
        let total: Double
        /// The ledger's bytes per grant once all are reported and shown.
        let ledgerAfterEnd: Double
    }

    let grants: Int
    let fillSeconds: Double
    let throughput: Double
    let hostMicrosecondsPerPlan: Double
    let loneP50Microseconds: Double
    /// During the throughput and the lone plans.
    let commands: CommandTimes
    /// `nil` without grants.
    let memory: Memory?

    /// - Parameter most: the most grants of any round. What is missing is filled with blocked plans, so that Redis holds
    ///   as many keys in every round, in memory that is as warm.
    init(_ contender: any Contender, grants: Int, of most: Int, _ scenario: Scenario) throws {
        let lone = OpenLoop.plans(rate: Self.loneRate, seconds: Self.loneSeconds)
        var scenario = scenario
        let drained = scenario.plans
        scenario.plans = most + drained + lone + GrantsEnd.plans
        scenario.symbols = 1
        let stage = try Stage(ownCores: true)
        defer { stage.close() }
        let workload = Workload(symbols: 1)
        try workload.seedRecords(stage)
        try stage.createGroup()

        try Self.decide(0..<most - grants, .blocksOnly, contender, stage, scenario)
        let memoryBefore = try KeyMemory(stage)
        let start = MonotonicTime.now()
        try Self.decide(most - grants..<most, .entriesOnly, contender, stage, scenario)
        fillSeconds = Double(MonotonicTime.now().nanoseconds(since: start)) / 1e9
        let memoryFull = try KeyMemory(stage)

        let drain = try StreamDrain(stage, workload, plans: most..<most + drained)
        let execution = try scenario.execution.map {
            try ExecutionLayer(scenario.executionProgram, $0, workload, stage, after: drain.lastDecision)
        }
        let group = try ContenderGroup(contender, stage, scenario)
        try group.waitUntilReading(stage)
        try CommandTimes.start(stage)
        let before = try group.processorTime()
        try drain.run(group)
        hostMicrosecondsPerPlan = (try group.processorTime() - before) / Double(drained)
        throughput = try drain.audit().rate()
        loneP50Microseconds = try Self.lone(drain.plans.upperBound..<drain.plans.upperBound + lone, workload, stage)
        commands = try CommandTimes(stage)
        try execution?.stop()

        self.grants = grants
        if grants > 0 {
            let end = try GrantsEnd(
                stage, workload, first: most + drained + lone, executionProgram: scenario.executionProgram)
            let shares = KeyMemory.Class.allCases.filter { $0 != .plans }.map {
                ($0.rawValue, Double(memoryFull[$0].bytes - memoryBefore[$0].bytes) / Double(grants))
            }
            memory = Memory(
                byClass: Dictionary(uniqueKeysWithValues: shares),
                total: Double(memoryFull.usedBytes - memoryBefore.usedBytes) / Double(grants),
                ledgerAfterEnd: Double(end.ledgerBytes - memoryBefore[.ledger].bytes) / Double(grants))
        } else {
            memory = nil
        }
        try group.stop()
    }

    /// Lets a host of its own decide the plans, and forgets the plans themselves.
    private static func decide(
        _ plans: Range<Int>, _ mix: Workload.Mix, _ contender: any Contender, _ stage: Stage, _ scenario: Scenario
    ) throws {
        guard !plans.isEmpty else { return }
        let before = try stage.decisionCount()
        let group = try ContenderGroup(contender, stage, scenario, run: "\(mix)")
        var sender = try PlanSender(Workload(symbols: 1, mix: mix), socketPath: stage.socketPath)
        try sender.publish(plans)
        var made = 0
        try wait(
            upTo: fillTimeout, every: .milliseconds(20),
            orElse: "only \(made) of \(plans.count) plans were decided within \(fillTimeout), before grants end"
        ) {
            try group.checkRunning()
            made = try stage.decisionCount() - before
            return made >= plans.count
        }
        try group.stop()
        try stage.command("XTRIM", Wire.plans, "MAXLEN", "0")
    }

    /// The p50 of plans that come one by one.
    private static func lone(_ plans: Range<Int>, _ workload: Workload, _ stage: Stage) throws -> Double {
        var traffic = try Traffic(workload, socketPath: stage.socketPath, after: stage.newest(Wire.decisions))
        let run = try traffic.run(plans, .rate(loneRate), limit: .seconds(60))
        return Percentiles(run.latencies(at: loneRate, from: plans.count / 6)).p50Microseconds
    }
}
