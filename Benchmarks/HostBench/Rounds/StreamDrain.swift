/// A stream that is full while the group stands at its end. The contender starts, finds nothing and waits; then the
/// group is set back, and one more plan wakes it.
struct StreamDrain {
    static let timeout: Duration = .seconds(60)

    let stage: Stage
    let workload: Workload
    let plans: Range<Int>
    /// The entry before the first plan.
    private let start: String
    /// The decisions before the first plan.
    private let decidedBefore: Int
    /// The decision before those on the plans.
    let lastDecision: String

    /// Publishes all plans but the last. The group must exist.
    init(_ stage: Stage, _ workload: Workload, plans: Range<Int>) throws {
        self.stage = stage
        self.workload = workload
        self.plans = plans
        decidedBefore = try stage.decisionCount()
        lastDecision = try stage.newest(Wire.decisions)
        start = try stage.newest(Wire.plans)
        var sender = try PlanSender(workload, socketPath: stage.socketPath)
        try sender.publish(plans.dropLast())
        try stage.command("XGROUP", "SETID", Wire.plans, Wire.group, "$")
    }

    /// Sets the group back to the first plan, publishes the last one, and waits for all decisions.
    func run(_ group: ContenderGroup) throws {
        var sender = try PlanSender(workload, socketPath: stage.socketPath)
        try stage.command("XGROUP", "SETID", Wire.plans, Wire.group, start)
        try sender.publish(plans.suffix(1))
        var decided = 0
        try wait(
            upTo: Self.timeout, every: .milliseconds(5),
            orElse: "\(decided) of \(plans.count) plans were decided within \(Self.timeout)"
        ) {
            try group.checkRunning()
            decided = try stage.decisionCount() - decidedBefore
            return decided >= plans.count
        }
    }

    /// Reads back the decisions on the plans.
    func audit() throws -> DecisionAudit {
        try DecisionAudit(stage, workload: workload, plans: plans, after: lastDecision)
    }
}
