/// The processes of a contender in one round, all in one consumer group.
struct ContenderGroup {
    private static let startTimeout: Duration = .seconds(20)
    /// A process without processor time for this long has finished its start.
    private static let quiet: Duration = .milliseconds(60)

    let processes: [ContenderProcess]
    private let name: String

    init(_ contender: any Contender, _ stage: Stage, _ scenario: Scenario) throws {
        name = contender.name
        processes = try (0..<scenario.hosts).map { try ContenderProcess(contender, stage, scenario, number: $0) }
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

    /// Waits until every process is blocked on the stream and has finished its start.
    func waitUntilReading(_ stage: Stage) throws {
        let limit = Self.startTimeout
        try wait(upTo: limit, every: .milliseconds(5), orElse: "\(name) did not read within \(limit)") {
            try checkRunning()
            return try stage.waitingClients() >= processes.count
        }
        var before = try processorTime()
        try wait(upTo: limit, every: Self.quiet, orElse: "\(name) was still starting after \(limit)") {
            let now = try processorTime()
            defer { before = now }
            return now == before
        }
    }
}
