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
        if !curve.isEmpty {
            add(
                "Latency from intended send to visible decision, µs: open loop, \(settings.load.seconds) s a rate; "
                    + "all rounds [min – max by round]",
                curveTable)
        }
        if !capacity.isEmpty {
            add("Capacity: the highest rate with p99 below \(settings.load.limitMilliseconds) ms", capacityTable)
        }
        for summary in sweeps { add(summary.sweep.title, Self.table(summary)) }
        if !hosts.isEmpty {
            add("Hosts in one group: \(settings.symbols) symbols, batch \(settings.batch)", hostsTable)
        }
        if !grants.isEmpty {
            add("Live grants on one symbol: throughput, a lone plan, and the longest command in Redis", grantsTable)
            add("Redis memory per live grant, bytes", grantsMemoryTable)
        }
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
