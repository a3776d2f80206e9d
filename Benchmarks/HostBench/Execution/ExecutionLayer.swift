import Foundation

/// The program `gatehost-execution`: it follows the decisions, takes the permits, reports the plans and publishes the
/// positions. It shares the contender's core where Redis has one of its own.
struct ExecutionLayer {
    private static let startTimeout: Duration = .seconds(20)
    private static let idleTimeout: Duration = .seconds(60)

    private let process: ChildProcess

    /// Returns when it follows the decisions.
    /// - Parameters:
    ///   - after: the decision behind which it begins.
    ///   - endsWhenIdle: end by itself when no decision is left.
    init(
        _ program: String, _ execution: Execution, _ workload: Workload, _ stage: Stage, after: String = "0-0",
        endsWhenIdle: Bool = false
    ) throws {
        let positions = stage.folder.appending(path: "positions")
        try Data(workload.positions.utf8).write(to: positions)
        let command = [
            program, "--socket", stage.socketPath, "--after", after,
            "--result-max-length", "\(execution.resultMaxLength)", "--executed", "\(execution.executed)",
            "--refused", "\(execution.refused)", "--withheld", "\(execution.withheld)",
            "--positions", positions.path, "--interval", "\(execution.snapshotMilliseconds)",
        ]
        let process = try ChildProcess(
            "the execution layer", command + (endsWhenIdle ? ["--end-when-idle"] : []),
            log: endsWhenIdle ? "execution-rest" : "execution", core: stage.ownCores ? Stage.contenderCore : nil, stage)
        self.process = process
        guard !endsWhenIdle else { return }
        try wait(
            upTo: Self.startTimeout, every: .milliseconds(2),
            orElse: "the execution layer did not follow the decisions within \(Self.startTimeout)"
        ) {
            try process.checkRunning()
            return try stage.clientsWaiting(in: "xread") > 0
        }
    }

    var identifier: Int32 { process.identifier }

    func checkRunning() throws { try process.checkRunning() }

    func stop() throws { try process.stop() }

    func waitUntilIdle() throws {
        try process.waitForEnd(
            upTo: Self.idleTimeout, orElse: "the execution layer had not reported all permits after \(Self.idleTimeout)"
        )
    }

    /// The number of reports so far.
    static func reports(_ stage: Stage) throws -> Int { try stage.entriesAdded(Wire.results) }

    /// The number of reports that a contender has read so far; `nil` if it reads none.
    static func settled(_ stage: Stage) throws -> Int? { try stage.entriesRead(Wire.results) }
}
