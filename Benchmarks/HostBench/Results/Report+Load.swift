import Tables

/// The tables of throughput and of latency against load.
extension Report {
    var throughputTable: TextTable {
        let baseline = throughput.first { $0.contender == "floor" }?.contender ?? throughput.first?.contender ?? ""
        var table = TextTable([
            "contender", "decisions/s", "of \(baseline)", "gatehost is ×", "its CPU µs/plan", "of \(baseline)",
            "gatehost's is ×", "Redis CPU µs/plan", "bytes/decision", "permits", "blocks", "reported", "settled",
        ])
        for row in throughput {
            table.add([
                row.contender, Self.spread(row.decisionsPerSecond), Self.spread(row.ratio, 3),
                row.hostRatio.map { Self.spread($0, 2) } ?? "",
                Self.spread(row.contenderMicrosecondsPerPlan, 2), Self.number(row.processorRatio.median, 2),
                row.hostProcessorRatio.map { Self.number($0.median, 2) } ?? "",
                Self.spread(row.redisMicrosecondsPerPlan, 2),
                Self.number(row.bytesPerDecision), Self.number(Double(row.rounds.first?.permits ?? 0)),
                Self.number(Double(row.rounds.first?.blocks ?? 0)),
                row.shareReported.map { "\(Self.number(100 * $0)) %" } ?? "",
                row.shareSettled.map { "\(Self.number(100 * $0)) %" } ?? "",
            ])
        }
        return table
    }

    var curveTable: TextTable {
        var table = TextTable([
            "plans/s", "contender", "samples", "p50", "p99", "p99.9", "max", "p50 of floor", "p99 of floor", "given up",
        ])
        for row in curve {
            table.add([
                Self.number(Double(row.rate)), row.contender, Self.number(Double(row.all.samples)),
                Self.pooled(row.all.p50Microseconds, row.p50Rounds),
                Self.pooled(row.all.p99Microseconds, row.p99Rounds), Self.number(row.all.p999Microseconds),
                Self.number(row.all.maximumMicroseconds), row.p50Ratio.map { Self.spread($0, 2) } ?? "",
                row.p99Ratio.map { Self.spread($0, 2) } ?? "", row.givenUp > 0 ? "\(row.givenUp)" : "",
            ])
        }
        return table
    }

    var capacityTable: TextTable {
        var table = TextTable(["contender", "plans/s", "of floor", "probes"])
        for row in capacity {
            table.add([
                row.contender, Self.spread(row.plansPerSecond), row.ratio.map { Self.spread($0, 2) } ?? "",
                "\(row.rounds.map(\.probes.count).reduce(0, +))",
            ])
        }
        return table
    }
}
