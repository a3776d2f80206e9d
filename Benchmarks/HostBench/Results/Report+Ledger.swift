import Tables

/// The tables of what permits in flight cost.
extension Report {
    var hostsTable: TextTable {
        var table = TextTable([
            "hosts", "decisions/s", "of one", "judged again", "CPU of all hosts µs/plan", "Redis CPU µs/plan",
        ])
        for row in hosts {
            table.add([
                "\(row.hosts)", Self.spread(row.decisionsPerSecond), Self.spread(row.ratio, 2),
                Self.percent(row.judgedAgain), Self.spread(row.hostMicrosecondsPerPlan, 2),
                Self.spread(row.redisMicrosecondsPerPlan, 2),
            ])
        }
        return table
    }

    var grantsTable: TextTable {
        var table = TextTable([
            "live", "decisions/s", "of none", "lone p50 µs", "of none", "host CPU µs/plan", "longest µs",
            "command", "its p99", "made in s",
        ])
        for row in grants {
            table.add([
                Self.number(Double(row.grants)), Self.spread(row.decisionsPerSecond),
                Self.spread(row.throughputRatio, 2), Self.spread(row.loneP50Microseconds),
                Self.spread(row.loneRatio, 2),
                Spread(row.rounds.map(\.hostMicrosecondsPerPlan)).map { Self.spread($0, 2) } ?? "",
                Self.spread(row.longestCommandMicroseconds), row.longestCommand?.name ?? "",
                row.longestCommand.map { Self.number($0.p99Microseconds) } ?? "",
                Spread(row.rounds.map(\.fillSeconds)).map { Self.spread($0, 1) } ?? "",
            ])
        }
        return table
    }

    var grantsMemoryTable: TextTable {
        let classes = KeyMemory.Class.allCases.map(\.rawValue)
        var table = TextTable(["live"] + classes.filter { $0 != "plans" } + ["all of Redis", "ledger after the end"])
        for row in grants {
            let memories = row.rounds.compactMap(\.memory)
            guard !memories.isEmpty else { continue }
            func text(_ value: (GrantsRound.Memory) -> Double) -> String {
                Spread(memories.map(value)).map { Self.number($0.median, 1) } ?? ""
            }
            table.add(
                [Self.number(Double(row.grants))]
                    + classes.filter { $0 != "plans" }.map { name in text { $0.byClass[name] ?? 0 } }
                    + [text(\.total), text(\.ledgerAfterEnd)])
        }
        return table
    }

    private static func percent(_ spread: Spread) -> String {
        "\(number(100 * spread.median, 1)) % [\(number(100 * spread.minimum, 1)) – \(number(100 * spread.maximum, 1))]"
    }
}
