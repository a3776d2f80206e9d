/// A contender under plans at a fixed rate, whether or not they are decided, at one rate after the other.
struct OpenLoop: ~Copyable {
    private static let warmUpShare = 0.2
    /// The last plans may stay undecided for the patience and a little longer.
    private static let tail: Duration = .seconds(5)

    private let contender: String
    private let seconds: Double
    private let patience: Duration
    private var round: FlowingRound
    private var next = FlowingRound.firstPlans
    private var isComplete = true

    /// - Parameters:
    ///   - seconds: the length of the measurement at each rate; a fifth of it warms up before.
    ///   - patience: a rate is given up when a plan is undecided for so long.
    ///   - plans: more than are published in all.
    init(_ contender: any Contender, seconds: Double, patience: Duration, plans: Int, _ scenario: Scenario) throws {
        var scenario = scenario
        scenario.plans = FlowingRound.firstPlans + plans
        self.contender = contender.name
        self.seconds = seconds
        self.patience = patience
        round = try FlowingRound(contender, scenario)
    }

    /// The number of plans that one rate takes.
    static func plans(rate: Int, seconds: Double) -> Int {
        Int((Double(rate) * seconds * (1 + warmUpShare)).rounded(.up))
    }

    /// Not to be called again once a rate was given up, because its backlog would disturb the next one.
    mutating func measure(rate: Int) throws -> LoadPoint {
        let count = Self.plans(rate: rate, seconds: seconds)
        let warmUp = min(count - 1, Int(Double(rate) * seconds * Self.warmUpShare))
        let plans = next..<next + count
        next += count
        let length = Duration.seconds(seconds) * (1 + Self.warmUpShare)
        let run = try round.run(plans, .rate(rate), limit: length + patience + Self.tail, patience: patience)
        isComplete = run.isComplete
        return LoadPoint(rate: rate, latencies: run.latencies(at: rate, from: warmUp), isComplete: run.isComplete)
    }

    consuming func finish() throws {
        try round.finish(plans: isComplete ? next : nil)
    }
}

/// The latencies of a contender at one rate.
struct LoadPoint {
    let rate: Int
    /// In nanoseconds, from the time when the plan was due to be sent. An undecided plan has the time that it waited.
    let latencies: [UInt64]
    /// Whether every plan was decided before the bench gave up.
    let isComplete: Bool

    var percentiles: Percentiles { Percentiles(latencies) }

    func keeps(p99Below limit: Duration) -> Bool {
        isComplete && percentiles.p99Microseconds < limit / .microseconds(1)
    }
}
