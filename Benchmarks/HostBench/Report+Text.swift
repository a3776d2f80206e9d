import Foundation

extension Report {
    var text: String {
        var lines = [
            "\(machine.processor), \(machine.cores) cores, Linux \(machine.kernel), Redis \(machine.redis), load \(Self.number(machine.loadBefore, 2)) before",
            "\(settings.rounds) interleaved rounds; median [min – max]",
        ]
        if !throughput.isEmpty {
            lines += ["", "Throughput: \(Self.number(Double(settings.plans))) plans, batch \(settings.batch), \(settings.symbols) symbols"]
            lines += throughputTable.lines
        }
        if !latency.isEmpty {
            lines += [
                "",
                "Latency from the intended send to the visible decision, µs: open loop, \(settings.seconds) s a round; all rounds together [min – max by round]",
            ]
            lines += latencyTable.lines
        }
        return lines.joined(separator: "\n")
    }

    private var throughputTable: TextTable {
        var table = TextTable([
            "contender", "decisions/s", "of \(throughput.first?.contender ?? "")", "its CPU µs/plan", "Redis CPU µs/plan", "bytes/decision", "permits",
            "blocks",
        ])
        for row in throughput {
            table.add([
                row.contender, Self.spread(row.decisionsPerSecond), Self.spread(row.ratio, 3), Self.spread(row.contenderMicrosecondsPerPlan, 2),
                Self.spread(row.redisMicrosecondsPerPlan, 2), Self.number(row.bytesPerDecision),
                Self.number(Double(row.rounds.first?.permits ?? 0)), Self.number(Double(row.rounds.first?.blocks ?? 0)),
            ])
        }
        return table
    }

    private var latencyTable: TextTable {
        var table = TextTable(["plans/s", "contender", "samples", "p50", "p99", "p99.9", "max"])
        for row in latency {
            table.add([
                Self.number(Double(row.rate)), row.contender, Self.number(Double(row.samples)), Self.pooled(row.p50Microseconds, row.p50Rounds),
                Self.pooled(row.p99Microseconds, row.p99Rounds), Self.number(row.p999Microseconds), Self.number(row.maximumMicroseconds),
            ])
        }
        return table
    }

    private static func spread(_ spread: Spread, _ digits: Int = 0) -> String {
        pooled(spread.median, spread, digits)
    }

    private static func pooled(_ value: Double, _ spread: Spread, _ digits: Int = 0) -> String {
        "\(number(value, digits)) [\(number(spread.minimum, digits)) – \(number(spread.maximum, digits))]"
    }

    /// With a comma after every third digit.
    static func number(_ value: Double, _ digits: Int = 0) -> String {
        let text = String(format: "%.\(digits)f", value)
        let whole = text.prefix { $0 != "." }
        var grouped = ""
        for (offset, digit) in whole.enumerated() {
            if offset > 0, (whole.count - offset).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped + text.dropFirst(whole.count)
    }
}
