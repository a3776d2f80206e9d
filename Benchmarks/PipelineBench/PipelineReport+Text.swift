import Foundation

extension PipelineReport {
    var text: String {
        var lines = [
            "\(processor), load \(Self.number(loadBefore, 2)) before; "
                + "\(samples) interleaved samples of \(Sampler.decisionsPerSample) decisions; "
                + "ns per decision: median [5 % – 95 %]",
            "", Self.row("budget, heat, small gates", "decisions/s", "ns/decision", "ns/gate", "allocations", "bytes"),
        ]
        lines += pipelines.map { Self.row($0) }
        lines += timed.map { Self.row($0) }
        lines += [
            "",
            "A further small gate: \(Self.number(smallGate.nanoseconds, 1)) ns, "
                + "\(Self.number(smallGate.allocations, 2)) allocations",
            "",
            Self.row("gates that pass at once", "decisions/s", "ns/decision", "ns/gate", "allocations", "bytes"),
        ]
        lines += passing.map { Self.row($0) }
        lines += [
            "",
            "Asking one gate: \(Self.number(dispatch.nanoseconds, 1)) ns, "
                + "\(Self.number(dispatch.allocations, 2)) allocations",
            "",
            Self.row("one gate alone", "decisions/s", "ns/decision", "over none", "allocations", "bytes"),
        ]
        let none = alone.first?.median ?? 0
        lines += alone.map { Self.row($0, Self.number($0.median - none, 1)) }
        if let endurance { lines += [""] + Self.lines(endurance) }
        return lines.joined(separator: "\n")
    }

    private static func lines(_ endurance: Endurance) -> [String] {
        let resident = endurance.residentKibibytes.map { "\($0)" }.joined(separator: ", ")
        let total = endurance.steps.reduce(0) { $0 + $1.nanosecondsPerPlan }
        var lines = [
            "From read bytes to the encoded commit, \(endurance.plans) plans in batches of \(BatchHost.batch), "
                + "8 gates, timed:"
        ]
        lines += endurance.steps.map { step in
            padded(step.step, 26) + padded(number(step.nanosecondsPerPlan, 0) + " ns/plan", 16, right: true)
                + padded(number(step.allocationsPerPlan, 2) + " allocations/plan", 26, right: true)
        }
        lines.append(padded("total", 26) + padded(number(total, 0) + " ns/plan", 16, right: true))
        lines.append("resident after 10 %, 50 %, 100 %: \(resident) KiB")
        return lines
    }

    private static func row(_ cost: DecisionCost, _ perGate: String? = nil) -> String {
        let spread = "\(number(cost.median, 0)) [\(number(cost.percentile5, 0)) – \(number(cost.percentile95, 0))]"
        let gate = perGate ?? (cost.gates == 0 ? "" : number(cost.median / Double(cost.gates), 1))
        return row(
            cost.name, number(cost.decisionsPerSecond, 0), spread, gate, number(cost.allocations, 2),
            number(cost.allocatedBytes, 0))
    }

    private static func row(_ first: String, _ cells: String...) -> String {
        zip(cells, [13, 24, 11, 13, 8]).reduce(padded(first, 26)) { $0 + padded($1.0, $1.1, right: true) }
    }

    private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return right ? padding + text : text + padding
    }

    private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
