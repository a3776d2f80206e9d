/// The highest rate that a fleet sustains, the limiting part, and the latency at seven tenths of that rate.
struct Capacity {
    let fleet: Fleet
    let plansPerSecond: Double
    let limit: String
    let atCapacity: Load
    /// Seconds from XADD to the commit, at ``loadShare`` of the capacity.
    let median: Double
    let percentile99: Double

    static let loadShare = 0.7
    /// A fleet that decides a smaller share of the arriving plans falls behind.
    private static let enough = 0.98
    /// The longest p99 in seconds of a fleet that keeps up. Without this limit, a Redis that is overloaded by small
    /// batches would pass: its batches grow with the backlog until they are full, seconds later.
    static let patience = 0.1
    /// Each step halves the uncertainty of the rate; nine end below one percent.
    private static let steps = 9
    /// The plans of one simulation: enough for many batches on every host.
    private static let plans = 400_000.0
    private static let longest = 20.0
    private static let shortest = 0.1

    init(_ fleet: Fleet, _ costs: Costs, _ habits: Habits, seed: UInt64) {
        func load(_ rate: Double) -> Load {
            let seconds = min(Self.longest, max(Self.shortest, Self.plans / rate))
            var simulation = Simulation(fleet, costs, habits, rate: rate, seconds: seconds, seed: seed)
            return simulation.run()
        }
        var low = 0.0
        var high = Self.bound(fleet, costs, habits)
        var best = load(high / 1_000)
        for _ in 0..<Self.steps {
            let middle = (low + high) / 2
            let tried = load(middle)
            if tried.keepsUp >= Self.enough, tried.latency(99) <= Self.patience {
                low = middle
                best = tried
            } else {
                high = middle
            }
        }
        self.fleet = fleet
        plansPerSecond = low
        atCapacity = best
        limit = Self.limit(best)
        let calm = load(max(1, low * Self.loadShare))
        median = calm.latency(50)
        percentile99 = calm.latency(99)
    }

    /// An upper bound of the rate: the busiest shard, or the busiest stream's hosts, with no other work than decisions.
    private static func bound(_ fleet: Fleet, _ costs: Costs, _ habits: Habits) -> Double {
        let redis = costs.redisPlan(batch: habits.batch) + costs.neighbours
        let shard = 1_000_000 / redis / (fleet.shareOfShard.max() ?? 1)
        let hosts =
            (0..<fleet.streams).map {
                Double(fleet.hostsOfStream[$0]) * 1_000_000 / costs.hostPlan / fleet.shareOfStream[$0]
            }.min() ?? shard
        return min(shard, hosts)
    }

    private static func limit(_ load: Load) -> String {
        if (load.hostBusy.max() ?? 0) >= 0.9 { return "host core" }
        let shard = load.shardBusy.max() ?? 0
        let mean = load.shardBusy.reduce(0, +) / Double(max(1, load.shardBusy.count))
        let isUneven = mean < 0.7 * shard
        guard shard >= 0.9 else { return isUneven ? "one busy stream" : "round trips" }
        let work = zip(Shard.Work.allCases, load.busiestShard).max { $0.1 < $1.1 }?.0 ?? .plans
        let what = work == .plans || work == .neighbours ? "" : ": \(work)"
        return (isUneven ? "one busy shard" : "Redis") + what
    }
}
