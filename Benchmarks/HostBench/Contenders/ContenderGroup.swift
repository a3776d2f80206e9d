/// The processes of a contender in one round: one, or several hosts of one group.
struct ContenderGroup {
    private static let startTimeout: Duration = .seconds(20)
    /// A process that used no processor time for so long has started.
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

    /// Microseconds of processor time of all of them.
    func processorTime() throws -> Double {
        try processes.reduce(0) { try $0 + ProcessStatistics(of: $1.identifier).processor / .microseconds(1) }
    }

    /// Waits until every process waits for plans and nothing of its start is still under way.
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
