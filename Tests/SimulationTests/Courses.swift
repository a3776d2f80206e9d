import GateHost
import TestSupport

/// Random courses of commands for each client: a commit in a transaction, a claim, or a change to the keys.
struct Courses {
    private var published = 0
    private var marks = 0
    /// Grows with each commit.
    private var longestLife = 200_000

    mutating func next(_ client: Int, _ pair: ServerPair, clock: Int, _ random: inout SeededGenerator) throws
        -> [[String]]
    {
        func plan() -> String { "plan-\(Int.random(in: 0..<60, using: &random))" }
        switch Int.random(in: 0..<17, using: &random) {
        case 0...3: return try read(client, pair, &random)
        case 4...8: return commit(pair, client, clock, &random)
        case 14: return Ledgers.meddling(clock: clock, &random)
        case 15...16: return [Settlements.reports((0..<6).map { _ in plan() }, &random)]
        case 9:
            return [
                ["MULTI"], ["DEL", "claims"], ["XAUTOCLAIM", "plans", "g", "c\(client)", "0", "0-0", "COUNT", "2"],
                ["EXEC"],
            ]
        case 10: return [["DEL", "outcome:" + plan(), "permit:" + plan()]]
        case 11:
            return [
                ["WATCH", "commits"], ["MULTI"], ["PEXPIRE", "commits", "500000"], ["DISCARD"],
                ["PEXPIRE", "commits", "400000"],
            ]
        case 12:
            return [
                ["WATCH", "claims", "plans"], ["GET", "claims"], ["MULTI"], ["GET", "claims"], ["EXEC"],
                ["EXISTS", "claims", "commits", "no"],
            ]
        default: return [["PEXPIRE", ["commits", "claims"].randomElement(using: &random) ?? "", "1"]]
        }
    }

    /// Another client publishes the entries that this one reads.
    private mutating func read(_ client: Int, _ pair: ServerPair, _ random: inout SeededGenerator) throws -> [[String]]
    {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            published += 1
            try pair.both(client: 2, ["XADD", "plans", "\(published)-0", "f", "v"])
        }
        marks += 1
        return [
            ["SET", "claims", "mark-\(marks)", "NX", "EX", "600"],
            ["XREADGROUP", "GROUP", "g", "c\(client)", "COUNT", "4", "STREAMS", "plans", ">"],
        ]
    }

    /// A transaction of the newest entries, as a host sends it. Half of them use accounts.
    private mutating func commit(_ pair: ServerPair, _ client: Int, _ clock: Int, _ random: inout SeededGenerator)
        -> [[String]]
    {
        let count = Int.random(in: 1...3, using: &random)
        let ids = (0..<count).map { "\(max(1, published - $0))-0" }
        let plans = ids.map { _ in "plan-\(Int.random(in: 0..<60, using: &random))" }
        let mark = Int.random(in: 0..<6, using: &random) == 0 ? "another" : pair.text("claims") ?? "none"
        let keys = plans.flatMap { ["outcome:" + $0, "permit:" + $0] }
        let head = ["4", "plans", "decisions", "commits", "claims", "g", mark, String(count)]
        var ledgers = Ledgers(clock: clock, session: client)
        let usesAccounts = Bool.random(using: &random)
        let grants = plans.map { _ in
            usesAccounts ? ledgers.grant(ledgers.claims(isPermit: true, &random)) : ""
        }
        longestLife += 10_000
        let last = Int.random(in: 0..<6, using: &random) == 0 ? nil : pair.text("commits")
        let accounts = usesAccounts ? ledgers.arguments(&random, isTransaction: true, last: last) : []
        let check = usesAccounts ? CommitTransaction.checkWithAccounts : CommitTransaction.check
        var commands = [["WATCH", "commits", "claims"], ["EVAL", check] + head + accounts + keys, ["MULTI"]]
        if usesAccounts { commands += ledgers.commands(life: Bool.random(using: &random) ? 30_000 : longestLife) }
        commands.append(["XACK", "plans", "g"] + ids)
        for (id, (plan, grant)) in zip(ids, zip(plans, grants)) {
            commands.append(["SET", "outcome:" + plan, "body \(id) permit" + grant, "EX", "86400", "NX"])
            commands.append(["SET", "permit:" + plan, "{}", "NX", "EX", "60"])
            commands.append(["XADD", "events", "MAXLEN", "~", "100000", "*", "event", id])
            commands.append(["XADD", "decisions", "*", "id", id, "plan", plan])
        }
        return commands + [
            [
                "SET", "commits", ledgers.mark(&random) + (Int.random(in: 0..<8, using: &random) == 0 ? "2" : "1"),
                "PX",
                "86400000",
            ],
            ["XTRIM", "decisions", "MAXLEN", "~", "100000"], ["EXEC"],
        ]
    }
}
