/// A fleet's results under a load, without the warm-up. Times are in seconds.
struct Load {
    let from: Double
    private let to: Double
    private var arrivals = 0
    private var decisions = 0
    private var lostRaces = 0
    private var latencies: [Double] = []
    /// The busy share of the time, of each shard and each host.
    private(set) var shardBusy: [Double] = []
    private(set) var hostBusy: [Double] = []
    /// The busiest shard's kinds of work as shares of the time.
    private(set) var busiestShard: [Double] = []

    init(from: Double, to: Double) {
        self.from = from
        self.to = to
    }

    /// Counts arrivals only; plans arrive evenly.
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
    /// The decided share of the plans that arrived during the measurement.
    var keepsUp: Double { arrivals > 0 ? decisionsPerSecond * to / Double(arrivals) : 1 }
    /// The average number of times that a plan had to be judged again.
    var conflictsPerPlan: Double { decisions > 0 ? Double(lostRaces) / Double(decisions) : 0 }

    func latency(_ percent: Int) -> Double {
        let sorted = latencies.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
}
