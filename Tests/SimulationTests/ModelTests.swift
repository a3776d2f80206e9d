import GateHost
import HostSimulation
import Redis
import Testing
import TestSupport

/// Sends the same commands to the model and to a real server, and compares replies and keys.
@Suite("Model of Redis", .serialized)
struct ModelTests {
    private static let stream = "plans"
    private static let keys = ["pool:A", "pool:B"]

    @Test("random commits have the same results and leave the same keys as the script")
    func commits() throws {
        let pair = try ServerPair()
        var results: [Int: Int] = [:]
        for round in 0..<60 {
            var random = SeededGenerator(seed: UInt64(round))
            try pair.begin()
            let digests = try pair.each { try $0.command("SCRIPT", "LOAD", CommitScript.source).text ?? "" }
            try pair.both("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
            var proposals = Proposals()
            for batch in 0..<50 {
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let id = proposals.publish(batch)
                    try pair.both("XADD", Self.stream, id, "f", "v")
                }
                try pair.both("XREADGROUP", "GROUP", "governor", "c", "COUNT", "100", "STREAMS", Self.stream, ">")
                try meddle(pair, &random)
                let arguments = proposals.batch(
                    batch, newest: Self.keys.map { (key: $0, id: pair.newest($0)) }, &random)
                let head = ["4", Self.stream, "decisions", "dead", "commits"]
                let replies = try zip(pair.connections, digests).map { connection, digest in
                    try connection.send(["EVALSHA", digest] + head + arguments)
                }
                #expect(
                    Canonical.text(replies[0]) == Canonical.text(replies[1]),
                    "round \(round), batch \(batch): \(arguments)")
                for result in replies[0].elements.compactMap(\.integer) { results[result, default: 0] += 1 }
            }
            try pair.compare("round \(round)")
        }
        for result in 0...5 { #expect(results[result, default: 0] > 50, "result \(result)") }
    }

    @Test(
        "I2, reservations: a plan judged on a reservation that its commit does not make is judged again"
    )
    func reservedElsewhere() throws {
        let pair = try ServerPair()
        try pair.begin()
        let digests = try pair.each { try $0.command("SCRIPT", "LOAD", CommitScript.source).text ?? "" }
        try pair.both("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        for id in ["1-1", "1-2", "1-3"] { try pair.both("XADD", Self.stream, id, "f", "v") }
        try pair.both("XREADGROUP", "GROUP", "governor", "c", "COUNT", "3", "STREAMS", Self.stream, ">")
        func commit(_ chain: [(id: String, expected: String)]) throws -> [[Int?]] {
            try zip(pair.connections, digests).map { connection, digest in
                let arguments =
                    Proposals.head(now: 1_795_000_000_000)
                    + chain.flatMap { Proposals.permit($0.id, reserving: Self.keys[0], after: $0.expected) }
                return try connection.send(
                    ["EVALSHA", digest, "4", Self.stream, "decisions", "dead", "commits"] + arguments
                ).elements.map(\.integer)
            }
        }
        // A host judges all three as one chain, but another host commits two of them first, in another order.
        #expect(try commit([("1-2", ""), ("1-1", "1-2")]) == [[1, 1], [1, 1]])
        #expect(try commit([("1-1", ""), ("1-3", "1-1")]) == [[5, 5], [5, 5]])
        #expect(try commit([("1-3", "1-1")]) == [[1], [1]])
    }

    /// Changes to permits and reservations by other services.
    private func meddle(_ pair: ServerPair, _ random: inout SeededGenerator) throws {
        let plan = "plan-\(Int.random(in: 0..<40, using: &random))"
        switch Int.random(in: 0..<8, using: &random) {
        case 0: try pair.both("DEL", "permit:" + plan)
        case 1: try pair.both("SET", "permit:" + plan, "foreign", "EX", "60", "NX")
        case 2: try pair.both("HDEL", Self.keys[0], plan)
        case 3: try pair.both("SET", "commits", "1", "EX", "60")
        default: break
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
}
