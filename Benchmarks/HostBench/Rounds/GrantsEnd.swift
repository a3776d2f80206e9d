import Redis

/// Ends all live grants: reports them as executed, publishes later snapshots, and has a few plans decided, because a
/// host tidies an account when it touches it.
struct GrantsEnd {
    /// The number of plans that it publishes.
    static let plans = 128
    private static let timeout: Duration = .seconds(30)
    /// Snapshots are stamped in whole seconds, and must be later than the reports by a margin.
    private static let pause: Duration = .seconds(4)

    /// The ledger's content afterwards.
    let ledgerBytes: Int

    init(_ stage: Stage, _ workload: Workload, first: Int, executionProgram: String) throws {
        guard let all = Execution.all else { throw BenchError("no execution layer reports all permits") }
        try ExecutionLayer(executionProgram, all, workload, stage, endsWhenIdle: true).waitUntilIdle()
        try Self.waitForReaders(stage)
        (MonotonicTime.now() + Self.pause).wait()
        try workload.seedRecords(stage)
        var sender = try PlanSender(workload, socketPath: stage.socketPath)
        let decided = try stage.decisionCount()
        try sender.publish(first..<first + Self.plans)
        try wait(upTo: Self.timeout, every: .milliseconds(20), orElse: "the last plans were not decided") {
            try stage.decisionCount() >= decided + Self.plans
        }
        ledgerBytes = try KeyMemory(stage)[.ledger].bytes
    }

    /// Waits until the hosts have taken in every report.
    private static func waitForReaders(_ stage: Stage) throws {
        try wait(upTo: timeout, every: .milliseconds(20), orElse: "the hosts did not take in the reports") {
            try stage.connection.command("XINFO", "GROUPS", Wire.results).elements.allSatisfy { group in
                group.field("pending")?.integer == 0
                    && (group.field("lag")?.integer == 0
                        || group.field("last-delivered-id")?.text == (try? stage.newest(Wire.results)))
            }
        }
    }
}
