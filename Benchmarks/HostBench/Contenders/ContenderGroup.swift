/// The processes of a contender in one round, all in one consumer group.
struct ContenderGroup {
    private static let startTimeout: Duration = .seconds(20)
    /// A process without processor time for this long has finished its start.
    private static let quiet: Duration = .milliseconds(60)

    let processes: [ChildProcess]
    private let name: String

    /// - Parameter run: distinguishes the logs of processes that follow one another on one stage.
    init(_ contender: any Contender, _ stage: Stage, _ scenario: Scenario, run: String = "contender") throws {
        name = contender.name
        processes = try (0..<scenario.hosts).map { number in
            try ChildProcess(
                contender.name, try contender.command(stage, scenario, number: number), log: "\(run)-\(number)",
                core: stage.ownCores ? Stage.contenderCore : nil, stage)
        }
    }

    func checkRunning() throws {
        for process in processes { try process.checkRunning() }
    }

    func stop() throws {
        for process in processes { try process.stop() }
    }

    /// The processor time of all processes, in microseconds.
    func processorTime() throws -> Double {
        try processes.reduce(0) { try $0 + ProcessStatistics(of: $1.identifier).processor / .microseconds(1) }
    }

    /// Waits until every process is blocked on a stream and has finished its start.
    func waitUntilReading(_ stage: Stage) throws {
        let limit = Self.startTimeout
        try wait(upTo: limit, every: .milliseconds(5), orElse: "\(name) did not read within \(limit)") {
            try checkRunning()
            return try stage.clientsWaiting(in: "xreadgroup") >= processes.count
        }
        var before = try processorTime()
        try wait(upTo: limit, every: Self.quiet, orElse: "\(name) was still starting after \(limit)") {
            let now = try processorTime()
            defer { before = now }
            return now == before
        }
    }
}
