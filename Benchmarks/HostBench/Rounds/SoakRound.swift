/// Checks that a host's memory stays constant over very many plans. Redis' memory is bounded too: decided plans are
/// trimmed, the decision stream has a maximum length, and answers expire soon.
struct SoakRound: Codable {
    private static let chunk = 20_000
    private static let window = 5_000
    private static let chunkLimit: Duration = .seconds(60)
    private static let percents = [10, 25, 50, 75, 100]

    struct Sample: Codable {
        let percent: Int
        let plans: Int
        let hostKiB: Int
        let redisKiB: Int
    }

    let contender: String
    let plans: Int
    let seconds: Double
    let samples: [Sample]

    init(_ contender: any Contender, plans: Int, _ scenario: Scenario) throws {
        var scenario = scenario
        scenario.decisionsKept = 2 * Self.chunk
        scenario.answersTTLSeconds = 5
        var round = try FlowingRound(contender, scenario)
        let start = MonotonicTime.now()
        var samples: [Sample] = []
        var done = 0
        for percent in Self.percents {
            let target = plans * percent / 100
            while done < target {
                let first = FlowingRound.firstPlans + done
                let count = min(Self.chunk, target - done)
                _ = try round.run(first..<first + count, .window(Self.window), limit: Self.chunkLimit)
                try round.stage.command("XTRIM", Wire.plans, "MAXLEN", "0")
                done += count
            }
            guard let host = round.group.processes.first?.identifier else { continue }
            samples.append(
                Sample(
                    percent: percent, plans: done, hostKiB: try ProcessStatistics.residentKiB(of: host),
                    redisKiB: try ProcessStatistics.residentKiB(of: round.stage.redisIdentifier)))
        }
        seconds = Double(MonotonicTime.now().nanoseconds(since: start)) / 1e9
        try round.finish(plans: nil)
        self.contender = contender.name
        self.plans = plans
        self.samples = samples
    }
}
