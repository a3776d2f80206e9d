/// The time from a plan's due time to its visible decision, with plans at a fixed rate.
struct LatencyRound {
    private static let tailTimeout: Duration = .seconds(15)

    let contender: String
    let rate: Int
    /// In nanoseconds, from the time when the plan was due to be sent.
    let latencies: [UInt64]

    init(_ contender: any Contender, rate: Int, seconds: Int, _ scenario: Scenario) throws {
        let warmUp = max(1, rate / 2)
        let measured = FlowingRound.firstPlans..<FlowingRound.firstPlans + warmUp + rate * seconds
        var scenario = scenario
        scenario.plans = measured.upperBound
        var round = try FlowingRound(contender, scenario)
        let run = try round.run(measured, .rate(rate), limit: .seconds(seconds + 1) + Self.tailTimeout)
        try round.finish(plans: measured.upperBound)
        self.contender = contender.name
        self.rate = rate
        let intended = Pace.rate(rate)
        latencies = run.decided.indices.dropFirst(warmUp).map { offset in
            let due = intended.intended(offset) ?? 0
            return run.decided[offset] > due ? run.decided[offset] - due : 0
        }
    }
}
