/// A contender's highest rate while plans keep coming and the bench follows its decisions. It is below the throughput
/// from a full stream, because Redis receives plans and delivers decisions at the same time.
struct SustainedRound {
    /// The number of undecided plans at any time: a few batches.
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
        // The first fifth is the warm-up.
        let moments = run.decided.sorted()
        let first = moments.count / 5
        guard let last = moments.last, first < moments.count, last > moments[first] else {
            throw BenchError("too few plans for a rate")
        }
        plansPerSecond = Double(moments.count - first) * 1e9 / Double(last - moments[first])
    }
}
