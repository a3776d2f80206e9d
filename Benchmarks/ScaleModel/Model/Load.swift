/// What a fleet did under a load, after warming up. Times in seconds.
struct Load {
    let from: Double
    private let to: Double
    private var arrivals = 0
    private var decisions = 0
    private var lostRaces = 0
    private var latencies: [Double] = []
    /// Of each shard and each host, the share of the time in which it was busy.
    private(set) var shardBusy: [Double] = []
    private(set) var hostBusy: [Double] = []
    /// What the busiest shard spent its time on, as shares of the time.
    private(set) var busiestShard: [Double] = []

    init(from: Double, to: Double) {
        self.from = from
        self.to = to
    }

    /// Plans come evenly, so only how many came in all is kept.
    mutating func arrived(_ count: Int) { arrivals += count }

    mutating func conflicts(_ count: Int, at time: Double) {
        if time >= from, time < to { lostRaces += count }
    }

    mutating func decided(_ arrival: Double, at time: Double) {
        guard time >= from, time < to else { return }
        decisions += 1
        latencies.append(time - arrival)
    }

    func finished(shards: [Shard], hostBusy: [Double]) -> Load {
        var load = self
        let time = to - from
        load.shardBusy = shards.map { $0.busy.reduce(0, +) / time }
        load.hostBusy = hostBusy.map { $0 / time }
        load.busiestShard = shards.max { $0.busy.reduce(0, +) < $1.busy.reduce(0, +) }?.busy.map { $0 / time } ?? []
        return load
    }

    var decisionsPerSecond: Double { Double(decisions) / (to - from) }
    /// Of the plans that came while it was measured, the share that was decided.
    var keepsUp: Double { arrivals > 0 ? decisionsPerSecond * to / Double(arrivals) : 1 }
    /// How often a plan had to be judged again.
    var conflictsPerPlan: Double { decisions > 0 ? Double(lostRaces) / Double(decisions) : 0 }

    func latency(_ percent: Int) -> Double {
        let sorted = latencies.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
}
