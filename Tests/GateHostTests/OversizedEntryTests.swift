import GateHost
import P28Budget
import Redis
import Testing
import TestSupport

/// Entries that are too large to be read.
@Suite("Oversized entries", .serialized)
struct OversizedEntryTests {
    private static let stream = RedisFixture.planStream
    private static let dead = "quantum:stream:apply.plan.dead"
    private let redis: RedisFixture

    init() throws {
        redis = try RedisFixture()
    }

    private func host(_ intake: String = "", timeout: Duration = .seconds(2)) throws -> HostFixture {
        var configuration = try TestConfiguration.make(
            "  - { gate: alpha, mode: enforce }", url: redis.server.url,
            sections: "intake: { consumer: desk, claim_after: 1s, claim_interval: 100ms\(intake) }")
        configuration.redis.commandTimeout = timeout
        return try HostFixture(configuration)
    }

    /// Publishes an entry whose field `junk` has this many bytes, which Redis makes up itself.
    private func publish(_ planID: String, decision: String = "SKIP", bytes: Int) throws {
        try redis.command(
            "EVAL",
            """
            local chunk = string.rep('x', 65536)
            return redis.call('XADD', KEYS[1], '*', 'plan_id', ARGV[1], 'decision', ARGV[2],
              'junk', string.rep(chunk, math.floor(ARGV[3] / #chunk)) .. string.sub(chunk, 1, ARGV[3] % #chunk))
            """, "1", Self.stream, planID, decision, String(bytes))
    }

    private var pending: Int {
        get throws { try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer ?? 0 }
    }

    @Test(
        "K6: an entry of 256 MiB stops nothing: it is buried by reference, with reason, size and plan id",
        arguments: [("SKIP", 256 << 20), ("EXECUTE", 32 << 20)])
    func huge(decision: String, bytes: Int) async throws {
        try redis.publish([Plans.open("before")], to: Self.stream)
        try publish("huge", decision: decision, bytes: bytes)
        try redis.publish([Plans.open("after")], to: Self.stream)
        let host = try host()
        try await redis.waitForDecisions(3)
        #expect(try redis.outcomes() == ["before": "permit", "huge": "dead_letter", "after": "permit"])
        let letter = try #require(try redis.entries(Self.dead).first)
        #expect(letter["_reason"] == "entry_too_large")
        #expect(letter["_bytes"] == String(bytes + "plan_idhugedecisionjunk".utf8.count + decision.utf8.count))
        #expect(letter["_plan_id"] == "huge")
        #expect(letter["junk"] == nil)
        #expect(try pending == 0)
        #expect(host.metrics.contains(#"gatehost_dead_letters_total{reason="entry_too_large"} 1"#))
        await host.stop()
    }

    @Test("K6: the host that claims a huge entry from a dead one buries it too, and so does a restarted one")
    func claimed() async throws {
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        for consumer in ["dead", "desk"] {
            try publish("huge-\(consumer)", bytes: 60 << 20)
            try redis.publish([Plans.open("plan-\(consumer)")], to: Self.stream)
            try redis.command(
                "EVAL", "redis.call('XREADGROUP', 'GROUP', 'governor', ARGV[1], 'STREAMS', KEYS[1], '>') return 1", "1",
                Self.stream, consumer)
        }
        let host = try host()
        try await redis.waitForDecisions(4)
        #expect(
            try redis.outcomes() == [
                "huge-dead": "dead_letter", "huge-desk": "dead_letter", "plan-dead": "permit", "plan-desk": "permit",
            ])
        #expect(try pending == 0)
        await host.stop()
    }

    @Test("K8: eight entries of 50 MB, and one of 250 MB with a command timeout of a second, stop nothing")
    func crowd() async throws {
        for number in 0..<8 {
            try publish("huge-\(number)", bytes: 50_000_000)
            try redis.publish([Plans.open("plan-\(number)")], to: Self.stream)
        }
        try publish("huge-8", bytes: 250_000_000)
        try redis.publish([Plans.open("plan-8")], to: Self.stream)
        let host = try host(timeout: .seconds(1))
        try await redis.waitForDecisions(18, within: 60)
        let outcomes = try redis.outcomes()
        for number in 0..<9 {
            #expect(outcomes["huge-\(number)"] == "dead_letter")
            #expect(outcomes["plan-\(number)"] == "permit")
        }
        await host.stop()
    }

    @Test("K6: entries below the limit that are too large together are decided all the same")
    func together() async throws {
        for number in 0..<64 { try publish("large-\(number)", bytes: 900_000) }
        try redis.publish([Plans.open("plan")], to: Self.stream)
        let host = try host()
        try await redis.waitForDecisions(65)
        #expect(try redis.outcomes()["plan"] == "permit")
        let records = try redis.entries(RedisFixture.decisionStream)
        #expect(records.count { $0["reason"] == "entry_too_large" } == 64)
        await host.stop()
    }

    @Test("K6: entries of a hundred thousand empty fields are small, but their replies are not; they stop nothing")
    func fields() async throws {
        for _ in 0..<8 {
            try redis.send(["XADD", Self.stream, "*"] + Array(repeating: "", count: 200_000))
        }
        try redis.publish([Plans.open("plan")], to: Self.stream)
        let host = try host()
        try await redis.waitForDecisions(9)
        #expect(try redis.outcomes() == ["": "dead_letter", "plan": "permit"])
        await host.stop()
    }

    @Test("K8: a read that is lost to its size counts as a delivery; a commit that is lost does not")
    func counted() async throws {
        try publish("huge", bytes: 60 << 20)
        // Every commit fails, because the decision stream is of the wrong type.
        try redis.command("SET", RedisFixture.decisionStream, "x")
        let host = try host()
        try await eventually("many sessions") {
            host.metrics.firstMatch(of: /gatehost_redis_sessions_lost_total (\d+)/).flatMap { Int($0.1) } ?? 0 >= 6
        }
        let entry = try redis.command("XPENDING", Self.stream, "governor", "-", "+", "1").element(0)
        #expect(entry?.element(3)?.integer == 2)
        try redis.command("DEL", RedisFixture.decisionStream)
        try await redis.waitForDecisions(1)
        await host.stop()
    }

    @Test("K8: an entry whose reads are lost too often goes to the dead letters without its body")
    func unreadable() async throws {
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        try redis.publish([Plans.open("unreadable")], to: Self.stream)
        try redis.command("XREADGROUP", "GROUP", "governor", "desk", "STREAMS", Self.stream, ">")
        let id = try #require(try redis.command("XRANGE", Self.stream, "-", "+").element(0)?.element(0)?.text)
        try redis.command(
            "XCLAIM", Self.stream, "governor", "desk", "0", id, "RETRYCOUNT", "11", "JUSTID")
        let host = try host()
        try await redis.waitForDecisions(1)
        let letter = try #require(try redis.entries(Self.dead).first)
        #expect(letter["_reason"] == "too_many_deliveries")
        #expect(letter["_deliveries"] == "12")
        #expect(letter["_intent_id"] == id)
        #expect(letter["plan_id"] == nil)
        await host.stop()
    }

    @Test("K6: intake.max_entry_bytes is the limit: an entry of that size is read, one byte more is not")
    func limit() async throws {
        let names = "plan_iddecisionjunk".utf8.count + "SKIP".utf8.count
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        for (plan, size) in [("fits", 65_536), ("over", 65_537)] {
            try publish(plan, bytes: size - names - plan.utf8.count)
        }
        try redis.command("XREADGROUP", "GROUP", "governor", "desk", "STREAMS", Self.stream, ">")
        let host = try host(", max_entry_bytes: 65536")
        try await redis.waitForDecisions(2)
        #expect(try redis.outcomes() == ["fits": "skip", "over": "dead_letter"])
        await host.stop()
    }

    @Test("K6: a report too large to be read settles nothing and stops no other")
    func report() async throws {
        let results = "quantum:stream:apply.result"
        try redis.command(
            "EVAL",
            """
            local chunk = string.rep('x', 65536)
            return redis.call('XADD', KEYS[1], '*', 'plan_id', 'a', 'junk', string.rep(chunk, ARGV[1] / #chunk))
            """, "1", results, String(60 << 20))
        try redis.command("XADD", results, "*", "plan_id", "b", "executed", "True")
        let host = try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }", types: [P28Budget.self], url: redis.server.url))
        try await eventually("both reports") {
            let groups = try redis.command("XINFO", "GROUPS", results).element(0).map(RedisFixture.values) ?? [:]
            return groups["lag"] == 0 && groups["pending"] == 0
        }
        #expect(host.metrics.contains("gatehost_unclear_reports_total 1\n"))
        await host.stop()
    }
}

extension RedisFixture {
    /// The integers of a flat reply of names and values.
    fileprivate static func values(_ reply: RedisReply) -> [String: Int] {
        let parts = Array(reply.elements)
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: parts.count - 1, by: 2).compactMap { index in
                parts[index + 1].integer.map { (parts[index].text ?? "", $0) }
            })
    }
}
