/// A contender that decides while plans keep coming and the bench follows its decisions. Latency and soak share this.
struct FlowingRound: ~Copyable {
    /// The number of plans decided before the measurement, so that it excludes the program's start.
    static let firstPlans = 1_024
    private static let startTimeout: Duration = .seconds(20)

    let stage: Stage
    let group: ContenderGroup
    let workload: Workload
    private let execution: ExecutionLayer?
    private var traffic: Traffic

    init(_ contender: any Contender, _ scenario: Scenario) throws {
        let stage = try Stage()
        do {
            let workload = Workload(symbols: scenario.symbols)
            try workload.seedRecords(stage)
            let execution = try scenario.execution.map {
                try ExecutionLayer(scenario.executionProgram, $0, workload, stage)
            }
            var sender = try PlanSender(workload, socketPath: stage.socketPath)
            try sender.publish(0..<Self.firstPlans)
            let group = try ContenderGroup(contender, stage, scenario)
            try wait(
                upTo: Self.startTimeout, every: .milliseconds(5),
                orElse: "\(contender.name) did not decide its first plans"
            ) {
                try group.checkRunning()
                return try stage.decisionCount() >= Self.firstPlans
            }
            let traffic = try Traffic(workload, socketPath: stage.socketPath, after: stage.newest(Wire.decisions))
            self.stage = stage
            self.workload = workload
            self.execution = execution
            self.group = group
            self.traffic = traffic
        } catch {
            stage.close()
            throw error
        }
    }

    deinit {
        stage.close()
    }

    /// - Parameter patience: give up when a plan is undecided for so long after it was due.
    mutating func run(_ indices: Range<Int>, _ pace: Pace, limit: Duration, patience: Duration? = nil) throws
        -> Traffic.Run
    {
        do {
            let run = try traffic.run(indices, pace, limit: limit, patience: patience)
            try execution?.checkRunning()
            return run
        } catch {
            // A dead contender is the reason worth reporting.
            try group.checkRunning()
            throw error
        }
    }

    /// Stops all programs, and audits every decision on plans below `plans`; `nil` if not all were decided.
    func finish(plans: Int?) throws {
        try execution?.stop()
        try group.stop()
        guard let plans else { return }
        _ = try DecisionAudit(stage, workload: workload, plans: 0..<plans)
    }
}
