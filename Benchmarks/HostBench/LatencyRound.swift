import Redis

/// How long plans that come at a fixed rate wait for their decisions to be visible.
struct LatencyRound {
    /// Decided before the clock starts, so that no latency is the program's start.
    static let warmUpPlans = 256
    private static let startTimeout: Duration = .seconds(20)
    private static let tailTimeout: Duration = .seconds(10)

    let contender: String
    let rate: Int
    /// In nanoseconds, from the moment at which the plan ought to have been sent.
    let latencies: [UInt64]

    init(_ contender: any Contender, rate: Int, _ settings: Settings) throws {
        let stage = try Stage()
        defer { stage.close() }
        let workload = Workload(symbols: settings.symbols)
        try workload.seedRecords(stage)
        try workload.publish(0..<Self.warmUpPlans, stage)
        let process = try ContenderProcess(contender, stage, settings)
        try wait(upTo: Self.startTimeout, every: .milliseconds(5), orElse: "\(contender.name) did not decide its first plans") {
            try process.checkRunning()
            return try stage.decisionCount() >= Self.warmUpPlans
        }
        let newest = try stage.connection.command("XREVRANGE", Wire.decisions, "+", "-", "COUNT", "1")
        guard let last = newest.element(0)?.element(0)?.text else { throw BenchError("XREVRANGE did not answer with an entry") }

        let indices = Self.warmUpPlans..<Self.warmUpPlans + rate * settings.seconds
        let follower = DecisionFollower(
            socketPath: stage.socketPath, after: last, workload: workload, indices: indices, limit: .seconds(settings.seconds) + Self.tailTimeout)
        let loop = OpenLoop(rate: rate)
        let sent = Result { try loop.send(indices, workload, socketPath: stage.socketPath) }
        // The follower ends by itself, in time; the stage must not go before it.
        let visible = Result { try follower.moments() }
        try process.checkRunning()
        try sent.get()
        let moments = try visible.get()
        try process.stop()

        _ = try DecisionAudit(stage, workload: workload, plans: indices.upperBound)
        self.contender = contender.name
        self.rate = rate
        latencies = moments.enumerated().map { offset, moment in moment.nanoseconds(since: loop.intended(offset)) }
    }
}
