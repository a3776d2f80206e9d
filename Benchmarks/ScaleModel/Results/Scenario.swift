import Tables
/// A way to grow: the number of shards and streams for each number of hosts.
struct Scenario: Sendable {
    let title: String
    let explanation: String
    let shards: @Sendable (Int) -> Int
    let streams: @Sendable (Int) -> Int
    var skew = 0.0
    var reserves = true

    static let hosts = [1, 2, 4, 10, 30, 100, 300, 1_000]
    private static let fixedShards = 8
    /// One shard cannot keep more hosts busy.
    static let hostsPerShard = 2

    static let all = [
        Scenario(
            title: "One Redis, one stream",
            explanation: "All hosts are consumers of one group, and judge the same symbols.",
            shards: { _ in 1 }, streams: { _ in 1 }),
        Scenario(
            title: "One Redis, one stream, no reservations",
            explanation: "The same with `reserve: false`: the double spending that reservations prevent is possible.",
            shards: { _ in 1 }, streams: { _ in 1 }, reserves: false),
        Scenario(
            title: "One Redis, a stream per host",
            explanation: "Symbols are dealt out to streams; each stream has one host.",
            shards: { _ in 1 }, streams: { $0 }),
        Scenario(
            title: "Eight shards, a stream per host",
            explanation: "The same over eight redis-servers that do not grow with the hosts.",
            shards: { _ in fixedShards }, streams: { $0 }),
        Scenario(
            title: "A shard per two hosts",
            explanation: "Redis grows with the hosts, and every symbol has as many plans as every other.",
            shards: { ($0 + hostsPerShard - 1) / hostsPerShard }, streams: { $0 }),
        Scenario(
            title: "A shard per two hosts, busy symbols",
            explanation: "The same, but plans follow Zipf's law: the busiest symbol has twice the plans of the second.",
            shards: { ($0 + hostsPerShard - 1) / hostsPerShard }, streams: { $0 }, skew: 1),
    ]

    func table(_ costs: Costs, _ habits: Habits, symbols: Int, hosts: [Int], seed: UInt64) -> TextTable {
        var habits = habits
        if !reserves { habits.reserving = 0 }
        var table = TextTable([
            "hosts", "shards", "streams", "plans/s", "busiest shard", "mean shard", "busiest host", "publish, consume",
            "state", "housekeeping", "conflicts",
            "judged again", "p50 ms", "p99 ms", "limit",
        ])
        for count in hosts {
            let fleet = Fleet(
                hosts: count, shards: shards(count), streams: streams(count), symbols: symbols, skew: skew)
            table.add(Self.row(Capacity(fleet, costs, habits, seed: seed)))
        }
        return table
    }

    private static func row(_ capacity: Capacity) -> [String] {
        let load = capacity.atCapacity
        func share(_ work: Shard.Work) -> String { load.busiestShard[work.rawValue].percent }
        return [
            "\(capacity.fleet.hosts)", "\(capacity.fleet.shards)", "\(capacity.fleet.streams)",
            capacity.plansPerSecond.rounded,
            (load.shardBusy.max() ?? 0).percent, (load.shardBusy.reduce(0, +) / Double(load.shardBusy.count)).percent,
            (load.hostBusy.max() ?? 0).percent,
            share(.neighbours), share(.state), share(.housekeeping), share(.conflicts), load.conflictsPerPlan.percent,
            (capacity.median * 1_000).text(1), (capacity.percentile99 * 1_000).text(1), capacity.limit,
        ]
    }
}
