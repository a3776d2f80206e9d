import Foundation

/// The results of `make bench` that the model uses.
struct BenchResults: Decodable {
    private struct Median: Decodable {
        let median: Double
    }

    private struct Throughput: Decodable {
        let contender: String
        let contenderMicrosecondsPerPlan: Median
        let redisMicrosecondsPerPlan: Median
    }

    private struct Sweep: Decodable {
        struct Point: Decodable {
            let value: Int
            let hostMicrosecondsPerPlan: Median
            let redisMicrosecondsPerPlan: Median
        }

        let sweep: String
        let points: [Point]
    }

    private let throughput: [Throughput]?
    private let sweeps: [Sweep]?

    static func read(_ path: String) throws -> BenchResults {
        try JSONDecoder().decode(BenchResults.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Replaces defaults with measurements; returns the names of the replaced costs.
    ///
    /// The sweep over batch sizes separates the cost of a batch from that of a plan: a plan in a batch of n costs its
    /// own share plus an n-th of the batch's. Without that sweep the batch keeps its default cost.
    func apply(to costs: inout Costs, batch: Int) -> Set<String> {
        let points = sweeps?.first { $0.sweep == "batch" }?.points ?? []
        let full = points.min { abs($0.value - batch) < abs($1.value - batch) }
        if let full, let single = points.min(by: { $0.value < $1.value }), single.value > 0, single.value < full.value {
            let parts = 1 / Double(single.value) - 1 / Double(full.value)
            costs.hostBatch = max(
                0, (single.hostMicrosecondsPerPlan.median - full.hostMicrosecondsPerPlan.median) / parts)
            costs.hostPlan = max(0, full.hostMicrosecondsPerPlan.median - costs.hostBatch / Double(full.value))
            let redisBatch = max(
                0, (single.redisMicrosecondsPerPlan.median - full.redisMicrosecondsPerPlan.median) / parts)
            costs.commit = max(0, redisBatch - costs.read - costs.fence)
            costs.commitPlan = max(
                0, full.redisMicrosecondsPerPlan.median - redisBatch / Double(full.value) - costs.readPlan)
            return ["host-plan", "host-batch", "commit", "commit-plan"]
        }
        guard let host = throughput?.first(where: { $0.contender == "gatehost" }) else { return [] }
        costs.hostPlan = max(0, host.contenderMicrosecondsPerPlan.median - costs.hostBatch / Double(batch))
        costs.commitPlan = max(
            0,
            host.redisMicrosecondsPerPlan.median - costs.readPlan - (costs.read + costs.fence + costs.commit)
                / Double(batch))
        return ["host-plan", "commit-plan"]
    }
}
