import Foundation
import Tables

extension Report {
    var text: String {
        var lines = [
            "\(machine.processor), \(machine.cores) cores, Linux \(machine.kernel), Redis \(machine.redis), "
                + "load \(Self.number(machine.loadBefore, 2)) before",
            "\(settings.rounds) interleaved rounds, sweeps \(settings.sweepRounds); median [min – max]; "
                + "\(Self.number(seconds)) s in all",
        ]
        func add(_ title: String, _ table: TextTable) { lines += ["", title] + table.lines }
        if !throughput.isEmpty {
            let plans = Self.number(Double(settings.plans))
            add(
                "Throughput from a full stream: \(plans) plans, batch \(settings.batch), \(settings.symbols) symbols",
                throughputTable)
        }
        if !sustained.isEmpty {
            add("Sustained: plans/s while plans keep coming and decisions are followed", sustainedTable)
        }
        if !latency.isEmpty {
            add(
                "Latency from intended send to visible decision, µs: open loop, \(settings.seconds) s a round; "
                    + "all rounds [min – max by round]",
                latencyTable)
            add("Ratio to the \(latency.first?.contender ?? "") in the same round", latencyRatioTable)
        }
        for summary in sweeps { add(summary.sweep.title, Self.table(summary)) }
        if let allocations {
            lines += [
                "",
                "Allocations of the host per plan: \(Self.number(allocations.perPlan, 2)), "
                    + "\(Self.number(allocations.bytesPerPlan)) bytes "
                    + "(\(Self.number(Double(allocations.plans))) plans)",
            ]
        }
        if let soak {
            add(
                "Memory over \(Self.number(Double(soak.plans))) plans, \(Self.number(soak.seconds)) s", Self.table(soak)
            )
        }
        let targets = Target.all(self)
        if !targets.isEmpty { add("Targets", Self.table(targets)) }
        return lines.joined(separator: "\n")
    }

    private var throughputTable: TextTable {
        let baseline = throughput.first?.contender ?? ""
        var table = TextTable([
            "contender", "decisions/s", "of \(baseline)", "gatehost is ×", "its CPU µs/plan", "of \(baseline)",
            "Redis CPU µs/plan", "bytes/decision",
            "permits",
            "blocks",
        ])
        for row in throughput {
            table.add([
                row.contender, Self.spread(row.decisionsPerSecond), Self.spread(row.ratio, 3),
                row.hostRatio.map { Self.spread($0, 2) } ?? "",
                Self.spread(row.contenderMicrosecondsPerPlan, 2), Self.number(row.processorRatio.median, 2),
                Self.spread(row.redisMicrosecondsPerPlan, 2),
                Self.number(row.bytesPerDecision), Self.number(Double(row.rounds.first?.permits ?? 0)),
                Self.number(Double(row.rounds.first?.blocks ?? 0)),
            ])
        }
        return table
    }

    private var sustainedTable: TextTable {
        var table = TextTable(["contender", "plans/s"])
        for row in sustained { table.add([row.contender, Self.spread(row.plansPerSecond)]) }
        return table
    }

    private var latencyTable: TextTable {
        var table = TextTable(["load", "contender", "plans/s", "samples", "p50", "p99", "p99.9", "max"])
        for row in latency {
            table.add([
                row.load, row.contender, Self.number(Double(row.rate)), Self.number(Double(row.samples)),
                Self.pooled(row.p50Microseconds, row.p50Rounds),
                Self.pooled(row.p99Microseconds, row.p99Rounds), Self.number(row.p999Microseconds),
                Self.number(row.maximumMicroseconds),
            ])
        }
        return table
    }

    private var latencyRatioTable: TextTable {
        var table = TextTable(["load", "contender", "p50", "p99", "p99.9"])
        for row in latency where row.contender != latency.first?.contender {
            table.add([
                row.load, row.contender, Self.spread(row.p50Ratio, 2), Self.spread(row.p99Ratio, 2),
                Self.spread(row.p999Ratio, 2),
            ])
        }
        return table
    }

    private static func table(_ summary: SweepSummary) -> TextTable {
        var table = TextTable([summary.sweep.rawValue, "decisions/s", "host CPU µs/plan", "Redis CPU µs/plan"])
        for point in summary.points {
            table.add([
                number(Double(point.value)), spread(point.decisionsPerSecond), spread(point.hostMicrosecondsPerPlan, 2),
                spread(point.redisMicrosecondsPerPlan, 2),
            ])
        }
        return table
    }

    private static func table(_ soak: SoakRound) -> TextTable {
        var table = TextTable(["after", "plans", "host KiB", "Redis KiB"])
        for sample in soak.samples {
            table.add([
                "\(sample.percent) %", number(Double(sample.plans)), number(Double(sample.hostKiB)),
                number(Double(sample.redisKiB)),
            ])
        }
        return table
    }

    private static func table(_ targets: [Target]) -> TextTable {
        var table = TextTable(["", "to reach", "measured", ""])
        for target in targets {
            table.add([target.text, target.limit, number(target.measured, 2), target.isReached ? "reached" : "MISSED"])
        }
        return table
    }
}
