import Tables
/// The cores to buy for a rate of plans, from the costs alone, so that no core is more than ``busy`` busy.
struct SizingTable {
    static let busy = 0.7
    private static let rates = [1_000.0, 10_000, 30_000, 100_000, 300_000, 1_000_000]

    let costs: Costs
    let batch: Int

    var lines: [String] { perCore.markdown + [""] + cores.markdown }

    private var host: Double { costs.hostPlan + costs.hostBatch / Double(batch) }
    private var redis: Double { costs.redisPlan(batch: batch) }

    private var perCore: TextTable {
        var table = TextTable([
            "one core, full batches of \(batch)", "µs/plan", "plans/s at 100 %", "plans/s at \(Self.busy.percent)",
        ])
        let rows = [
            ("host", host), ("Redis, for the host alone", redis),
            ("Redis, with publishing and consuming one by one", redis + costs.neighbours),
        ]
        for (name, cost) in rows {
            table.add([name, cost.text(1), (1_000_000 / cost).rounded, (Self.busy * 1_000_000 / cost).rounded])
        }
        return table
    }

    private var cores: TextTable {
        var table = TextTable([
            "plans/s", "host cores", "Redis cores, for the host alone", "Redis cores, with publishing and consuming",
        ])
        for rate in Self.rates {
            func cores(_ cost: Double) -> String { (rate * cost / 1_000_000 / Self.busy).rounded(.up).text() }
            table.add([rate.grouped, cores(host), cores(redis), cores(redis + costs.neighbours)])
        }
        return table
    }
}
