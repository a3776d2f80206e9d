/// A target for the host relative to another contender, with the run's measurement.
struct Target {
    let text: String
    let limit: String
    let measured: Double
    let isReached: Bool

    init(_ text: String, atLeast limit: Double, _ measured: Double) {
        self.text = text
        self.limit = "≥ \(Report.number(limit, 2))"
        self.measured = measured
        isReached = measured >= limit
    }

    init(_ text: String, atMost limit: Double, _ measured: Double) {
        self.text = text
        self.limit = "≤ \(Report.number(limit, 2))"
        self.measured = measured
        isReached = measured <= limit
    }

    static func all(_ report: Report) -> [Target] {
        throughput(report) + curve(report) + hosts(report) + grants(report) + soak(report)
    }

    private static func throughput(_ report: Report) -> [Target] {
        func row(_ contender: String) -> ThroughputSummary? {
            report.throughput.first { $0.contender == contender }
        }
        var targets: [Target] = []
        if let other = row("gatehost-unreserved"), let rate = other.hostRatio, let processor = other.hostProcessorRatio
        {
            targets.append(Target("throughput, of that without reservations", atLeast: 0.9, rate.median))
            targets.append(Target("host CPU per plan, of that without reservations", atMost: 1.5, processor.median))
        }
        if let rate = row("floor")?.hostRatio {
            targets.append(Target("throughput, of the floor's", atLeast: 0.9, rate.median))
        }
        if row("floor") != nil, let host = row("gatehost") {
            targets.append(Target("host CPU per plan, of the floor's", atMost: 2, host.processorRatio.median))
        }
        for (contender, limit) in [("python", 60.0), ("python-pipelined", 4.0)] {
            guard let ratio = row(contender)?.hostRatio else { continue }
            targets.append(Target("throughput, times that of \(contender)", atLeast: limit, ratio.median))
        }
        return targets
    }

    private static func curve(_ report: Report) -> [Target] {
        [1_000, 10_000].flatMap { rate -> [Target] in
            guard let row = report.curve.first(where: { $0.contender == "gatehost" && $0.rate == rate }),
                let p50 = row.p50Ratio, let p99 = row.p99Ratio
            else { return [] }
            let load = Report.number(Double(rate))
            return [
                Target("p50 at \(load) plans/s, of the floor's", atMost: 1.15, p50.median),
                Target("p99 at \(load) plans/s, of the floor's", atMost: 1.5, p99.median),
            ]
        }
    }

    private static func hosts(_ report: Report) -> [Target] {
        report.hosts.filter { $0.hosts > 1 }.flatMap { row in
            [
                Target("throughput of \(row.hosts) hosts, of one", atLeast: 0.9, row.ratio.median),
                Target("judged again by \(row.hosts) hosts, %", atMost: 2, 100 * row.judgedAgain.median),
            ]
        }
    }

    private static func grants(_ report: Report) -> [Target] {
        report.grants.filter { $0.grants > 0 }.flatMap { row -> [Target] in
            let live = Report.number(Double(row.grants))
            let memories = row.rounds.compactMap(\.memory)
            let ledger = Spread(memories.map { $0.byClass[KeyMemory.Class.ledger.rawValue] ?? 0 })?.median ?? 0
            let left = Spread(memories.map(\.ledgerAfterEnd))?.median ?? 0
            return [
                Target("throughput with \(live) live grants, of none", atLeast: 0.95, row.throughputRatio.median),
                Target("lone p50 with \(live) live grants, of none", atMost: 1.1, row.loneRatio.median),
                Target(
                    "longest command with \(live) live grants, ms", atMost: 2,
                    row.longestCommandMicroseconds.median / 1_000),
                Target("the ledger's bytes per live grant", atMost: 250, ledger),
                Target("the ledger's bytes per grant that has ended", atMost: 1, left),
            ]
        }
    }

    private static func soak(_ report: Report) -> [Target] {
        guard let soak = report.soak, let first = soak.samples.first, let last = soak.samples.last, first.hostKiB > 0
        else { return [] }
        return [
            Target(
                "memory at the soak's end, of that after \(first.percent) %", atMost: 1.05,
                Double(last.hostKiB) / Double(first.hostKiB))
        ]
    }
}
