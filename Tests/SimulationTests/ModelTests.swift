import GateHost
import HostSimulation
import Redis
import Testing
import TestSupport

/// Sends the same commands to the model and to a real server, and compares replies and keys.
@Suite("Model of Redis", .serialized)
struct ModelTests {
    private static let stream = "plans"

    @Test("random commits and settlements have the same results and leave the same keys as the scripts")
    func commits() throws {
        let pair = try ServerPair()
        var results: [Int: Int] = [:]
        var settled = 0
        for round in 0..<60 {
            var random = SeededGenerator(seed: UInt64(round))
            try pair.begin()
            var clock = 1_795_000_000_000 + Int.random(in: 0..<1_000, using: &random)
            try pair.setClock(clock)
            let digests = try pair.load(CommitScript.source)
            let readings = try pair.load(LedgerScript.read)
            try pair.both("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
            var proposals = Proposals()
            for batch in 0..<50 {
                clock +=
                    Int.random(in: 0..<5, using: &random) == 0
                    ? Int.random(in: 0...30_000, using: &random) : Int.random(in: 0...500, using: &random)
                try pair.setClock(clock)
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let id = proposals.publish(batch)
                    try pair.both("XADD", Self.stream, id, "f", "v")
                }
                try pair.both("XREADGROUP", "GROUP", "governor", "c", "COUNT", "100", "STREAMS", Self.stream, ">")
                try meddle(pair, clock, &random)
                let arguments = proposals.batch(clock: clock, &random)
                let head = ["4", Self.stream, "decisions", "dead", "commits"]
                let replies = try pair.call(digests, head + arguments)
                #expect(
                    Canonical.text(replies[0]) == Canonical.text(replies[1]),
                    "round \(round), batch \(batch): \(arguments)")
                #expect(replies[0].error == nil, "round \(round), batch \(batch): \(arguments)")
                for result in replies[0].elements.compactMap(\.integer) { results[result, default: 0] += 1 }
                let reading = Ledgers.reading(&random)
                let fields = try pair.call(readings, reading)
                #expect(
                    Canonical.text(fields[0]) == Canonical.text(fields[1]), "round \(round), batch \(batch): \(reading)"
                )
                settled += try settle(pair, &random)
                if batch % 7 == 0 || batch == 49 { try pair.compare("round \(round), batch \(batch)") }
            }
        }
        for result in 0...5 { #expect(results[result, default: 0] > 50, "result \(result)") }
        #expect(settled > 500)
    }

    /// Reports some plans, or takes permits back.
    private func settle(_ pair: ServerPair, _ random: inout SeededGenerator) throws -> Int {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...4:
            let plans = (0..<Int.random(in: 1...12, using: &random)).map { _ in plan(&random) }
            let reply = try pair.both(client: 0, Settlements.reports(plans, &random))
            return reply.element(0)?.integer ?? 0
        case 5:
            let reply = try pair.both(client: 0, Settlements.revocations(Int.random(in: 1...9, using: &random)))
            return reply.element(0)?.integer ?? 0
        default: return 0
        }
    }

    private func plan(_ random: inout SeededGenerator) -> String { "plan-\(Int.random(in: 0..<200, using: &random))" }

    /// Changes to permits, outcomes and accounts by others.
    private func meddle(_ pair: ServerPair, _ clock: Int, _ random: inout SeededGenerator) throws {
        switch Int.random(in: 0..<8, using: &random) {
        case 0...1: for _ in 0..<20 { try pair.both("DEL", "permit:" + plan(&random)) }
        case 2: for _ in 0..<4 { try pair.both("SET", "permit:" + plan(&random), "foreign", "EX", "60", "NX") }
        case 3: try pair.both("SET", "commits", "1", "EX", "60")
        case 4: try pair.both("SET", "outcome:" + plan(&random), "garbage", "EX", "86400")
        default:
            for command in Ledgers.meddling(clock: clock, &random) { try pair.both(client: 0, command) }
        }
    }

    @Test("random commands on a stream and its group have the same replies")
    func groups() throws {
        let pair = try ServerPair()
        for round in 0..<60 {
            var random = SeededGenerator(seed: UInt64(round))
            try pair.begin()
            try pair.both("XGROUP", "CREATE", Self.stream, "g", "0", "MKSTREAM")
            try pair.both("XGROUP", "CREATE", Self.stream, "g", "0", "MKSTREAM")
            var next = 1
            func id() -> String { "\(Int.random(in: 1...max(1, next), using: &random))-0" }
            func consumer() -> String { ["a", "b", "c"].randomElement(using: &random) ?? "" }
            // An entry is idle for long enough with 0, and for too short with a million.
            func idle() -> String { Bool.random(using: &random) ? "0" : "1000000" }
            for _ in 0..<60 {
                let count = String(Int.random(in: 1...5, using: &random))
                switch Int.random(in: 0..<14, using: &random) {
                case 0...2:
                    try pair.both("XADD", Self.stream, "\(next)-0", "name", "value-\(next)", "empty", "")
                    next += 1
                case 3, 4:
                    try pair.both("XREADGROUP", "GROUP", "g", consumer(), "COUNT", count, "STREAMS", Self.stream, ">")
                case 5:
                    try pair.both("XREADGROUP", "GROUP", "g", consumer(), "COUNT", count, "STREAMS", Self.stream, id())
                case 6: try pair.both("XACK", Self.stream, "g", id(), id())
                case 7: try pair.both("XAUTOCLAIM", Self.stream, "g", consumer(), idle(), id(), "COUNT", count)
                case 8: try pair.both("XCLAIM", Self.stream, "g", consumer(), idle(), id(), id(), "RETRYCOUNT", count)
                case 9: try pair.both("XCLAIM", Self.stream, "g", consumer(), idle(), id(), id(), "JUSTID")
                case 10: try pair.both("XPENDING", Self.stream, "g")
                case 11:
                    try pair.both(idlesAt: 2, "XPENDING", Self.stream, "g", "IDLE", idle(), "-", "+", "10", consumer())
                case 12: try pair.both("XDEL", Self.stream, id())
                default: try pair.both("XGROUP", "DELCONSUMER", Self.stream, "g", consumer())
                }
                try pair.both(idlesAt: 2, "XPENDING", Self.stream, "g", "(\(id())", "+", "3")
                try pair.both("XLEN", Self.stream)
            }
            // Compares the second element. The first is the group's number of consumers, and Redis versions differ in
            // when they create one.
            let pending = try pair.each {
                try $0.command("XINFO", "GROUPS", Self.stream).element(0)?.elements.compactMap(\.integer).dropFirst()
                    .first
            }
            #expect(pending[0] == pending[1])
        }
    }

    @Test("sorted sets answer as Redis does")
    func sortedSets() throws {
        let pair = try ServerPair()
        try pair.begin()
        for command in [
            "ZPOPMIN line", "ZADD line 0 b", "ZADD line 0 a", "ZADD line 0 b", "BZPOPMIN line 1", "ZPOPMIN line",
            "ZPOPMIN line", "EXISTS line", "SET line text EX 60", "ZADD line 0 a", "ZPOPMIN line", "BZPOPMIN line 1",
        ] {
            try pair.both(client: 0, command.split(separator: " ").map(String.init))
        }
    }
}
