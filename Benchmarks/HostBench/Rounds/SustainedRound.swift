/// What a contender can do at most while plans keep coming and somebody follows its decisions. Less than from a full
/// stream: Redis takes the plans in and hands the decisions out at the same time.
struct SustainedRound {
    /// So many plans are always on their way: a few batches.
    private static let window = 1_024
    private static let limit: Duration = .seconds(60)

    let plansPerSecond: Double

    init(_ contender: any Contender, _ scenario: Scenario) throws {
        var scenario = scenario
        let measured = FlowingRound.firstPlans..<FlowingRound.firstPlans + scenario.plans
        scenario.plans = measured.upperBound
        var round = try FlowingRound(contender, scenario)
        let run = try round.run(measured, .window(Self.window), limit: Self.limit)
        try round.finish(plans: measured.upperBound)
        // The first fifth warms up.
        let moments = run.decided.sorted()
        let first = moments.count / 5
        guard let last = moments.last, first < moments.count, last > moments[first] else {
            throw BenchError("too few plans for a rate")
        }
        plansPerSecond = Double(moments.count - first) * 1e9 / Double(last - moments[first])
    }
}
