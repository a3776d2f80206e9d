import GateAPI
import GateHost
import P28Budget
import Redis
import Platform
import Testing
import TestSupport
import TradingState

/// Several streams of intents, each read by a thread of its own.
@Suite("Partitions")
struct PartitionTests {
    private static let streams = ["plans:0", "plans:1", "plans:2"]
    private static let decisions = RedisFixture.decisionStream

    @Test(
        "every partition is decided, accounts and plan ids hold across them, and a broken partition stops no other"
    )
    func partitions() async throws {
        let redis = try RedisFixture()
        try redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "budget_usd", "1000", "mode", "enforce", "timestamp",
            "\(WallClock.now().milliseconds / 1_000)")
        try redis.publishPosition("0")
        try redis.command("SET", "plans:2", "no stream")
        let host = try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }", types: [P28Budget.self], url: redis.server.url,
                sections: "intake: { streams: [\(Self.streams.joined(separator: ", "))] }"))
        // Each plan alone fits the budget, two do not. The second must see the first one's share, whichever
        // partitions they came in.
        for (stream, plan) in [("plans:0", "a"), ("plans:1", "b"), ("plans:1", "a")] {
            try redis.publish([Plans.open(plan, quantity: "0.01", price: "60000")], to: stream)
        }
        try await redis.waitForDecisions(3)
        let outcomes = try redis.entries(Self.decisions).map { $0["outcome"] ?? "" }.sorted()
        #expect(outcomes.filter { $0 == "permit" }.count == 1)
        #expect(outcomes.filter { $0 == "duplicate" }.count == 1)
        #expect(outcomes.filter { $0 == "block" }.count == 1)
        #expect(host.status.intakes.count == 3)
        #expect(host.status.intakes[0].current == .ready)
        guard case .waiting(let reason) = host.status.current else {
            Issue.record("a partition that is no stream should keep the host from being ready")
            return
        }
        #expect(reason.contains("WRONGTYPE"))
        #expect(host.status.waiting.map(\.stream) == ["plans:2"])
        for (stream, ready) in [("plans:0", 1), ("plans:1", 1), ("plans:2", 0)] {
            #expect(host.metrics.contains("\ngatehost_stream_ready{stream=\"\(stream)\"} \(ready)\n"))
        }
        try redis.command("DEL", "plans:2")
        try redis.publish([Plans.fullClose("c", "ETHUSDT")], to: "plans:2")
        try await redis.waitForDecisions(4)
        try await eventually("readiness") { host.status.current == .ready }
        await host.stop()
        for stream in Self.streams {
            #expect(host.metrics.contains("gatehost_pending_entries{stream=\"\(stream)\"} 0"))
        }
    }

    @Test(
        "an invalid list of partitions is refused with file, line and column",
        arguments: [
            ("{ stream: a, streams: [b] }", "1:1"), ("{ streams: [a, a] }", "streams"), ("{ streams: [] }", "streams"),
            ("{ streams: [a, {b: c}] }", "streams"),
            ("{ streams: \"quantum:stream:apply.plan\" }", "streams"),
            ("{ streams: [quantum:stream:governor.decision] }", "different"),
        ])
    func refused(section: String, complaint: String) throws {
        do {
            _ = try TestConfiguration.make("  - { gate: alpha, mode: enforce }", sections: "intake: \(section)")
            Issue.record("\(section) was accepted")
        } catch {
            let said = "\(error)"
            #expect(said.contains("test.yaml:2:"), "\(said)")
            #expect(complaint == "1:1" ? said.contains("exclude each other") : said.contains(complaint), "\(said)")
        }
    }
}
