/// A target for the host relative to another contender, with the run's measurement.
struct Target {
    let text: String
    let limit: String
    let measured: Double
    let isReached: Bool

    private init(_ text: String, atLeast limit: Double, _ measured: Double) {
        self.text = text
        self.limit = "≥ \(Report.number(limit, 2))"
        self.measured = measured
        isReached = measured >= limit
    }

    private init(_ text: String, atMost limit: Double, _ measured: Double) {
        self.text = text
        self.limit = "≤ \(Report.number(limit, 2))"
        self.measured = measured
        isReached = measured <= limit
    }

    static func all(_ report: Report) -> [Target] {
        func throughput(_ contender: String) -> ThroughputSummary? {
            report.throughput.first { $0.contender == contender }
        }
        var targets: [Target] = []
        if report.throughput.first?.contender == "floor", let host = throughput("gatehost") {
            targets.append(Target("throughput, of the floor's", atLeast: 0.95, host.ratio.median))
            targets.append(Target("host CPU per plan, of the floor's", atMost: 2, host.processorRatio.median))
        }
        for (contender, limit) in [("python", 60.0), ("python-pipelined", 4.0)] {
            guard let ratio = throughput(contender)?.hostRatio else { continue }
            targets.append(Target("throughput, times that of \(contender)", atLeast: limit, ratio.median))
        }
        if let soak = report.soak, let first = soak.samples.first, let last = soak.samples.last, first.hostKiB > 0 {
            targets.append(
                Target(
                    "memory at the soak's end, of that after \(first.percent) %", atMost: 1.05,
                    Double(last.hostKiB) / Double(first.hostKiB)))
        }
        guard report.latency.first?.contender == "floor" else { return targets }
        for rate in [1_000, 10_000] {
            guard
                let row = report.latency.first(where: { $0.contender == "gatehost" && $0.load == Load.rate(rate).label }
                )
            else { continue }
            targets.append(Target("p50 at \(row.load) plans/s, of the floor's", atMost: 1.15, row.p50Ratio.median))
            targets.append(Target("p99 at \(row.load) plans/s, of the floor's", atMost: 1.5, row.p99Ratio.median))
        }
        return targets
    }
}
