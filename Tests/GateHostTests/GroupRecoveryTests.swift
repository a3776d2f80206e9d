import Deployment
import GateAPI
@testable import GateHost
import Platform
import Redis
import Telemetry
import TestSupport
import Testing

/// K5: a consumer group that vanishes or is new decides nothing twice, loses nothing and opens nothing on old plans.
@Suite("Vanished groups", .serialized)
struct GroupRecoveryTests {
    private static let stream = RedisFixture.planStream
    private static let decisions = RedisFixture.decisionStream
    private static let progress = "quantum:governor:intake:progress:\(stream):governor"
    private let redis: RedisFixture

    init() throws { redis = try RedisFixture() }

    private func host(_ intake: String = "", _ answers: String = "") throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: alpha, mode: enforce }", url: redis.server.url,
                sections: """
                    intake: { block: 20ms, claim_interval: 100ms\(intake) }
                    answers: { record_inputs: false\(answers) }
                    """))
    }

    private func plans() throws -> [String] {
        try redis.entries(Self.decisions).map { "\($0["plan_id"] ?? "") \($0["outcome"] ?? "")" }
    }

    private func publish(_ plans: String...) throws {
        try redis.publish(plans.map { Plans.fullClose($0) }, to: Self.stream)
    }

    /// Waits until the progress has come to the newest entry.
    private func hasProgress() async throws {
        let last = try redis.command("XREVRANGE", Self.stream, "+", "-", "COUNT", "1").element(0)?.element(0)?.text
        try await eventually("progress") { try redis.command("GET", Self.progress).text == last.map { "\($0) 0" } }
    }

    @Test("XGROUP DESTROY with two hosts: an entry that one of them held is decided, and nothing is decided twice")
    func heldByAnother() async throws {
        let host = try host()
        try publish("a")
        try await redis.waitForDecisions(1)
        try await hasProgress()
        // Another host reads b and holds it, while this one decides c and d.
        await host.stop()
        try publish("b")
        try redis.command("XREADGROUP", "GROUP", "governor", "other", "STREAMS", Self.stream, ">")
        let second = try self.host()
        try publish("c", "d")
        try await redis.waitForDecisions(3)
        try redis.command("XGROUP", "DESTROY", Self.stream, "governor")
        try publish("e")
        try await redis.waitForDecisions(5)
        try await eventually("nothing pending") {
            try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer == 0
        }
        await second.stop()
        #expect(try plans().sorted() == ["a permit", "b permit", "c permit", "d permit", "e permit"])
        #expect(try redis.command("XINFO", "GROUPS", Self.stream).count == 1)
    }

    @Test(
        "XGROUP DESTROY and a restart after outcome_ttl: no entry gets a second permit, and the undecided ones get one")
    func restart() async throws {
        let first = try host()
        try publish("a", "b")
        try await redis.waitForDecisions(2)
        try await hasProgress()
        await first.stop()
        try publish("c")
        try redis.command("XGROUP", "DESTROY", Self.stream, "governor")
        for plan in ["a", "b"] {
            try redis.command("DEL", "quantum:governor:outcome:\(plan)", "quantum:permit:\(plan)")
        }
        let second = try host()
        try await redis.waitForDecisions(3)
        try publish("d")
        try await redis.waitForDecisions(4)
        await second.stop()
        #expect(try plans() == ["a permit", "b permit", "c permit", "d permit"])
        #expect(try redis.command("EXISTS", "quantum:permit:a", "quantum:permit:b").integer == 0)
    }

    @Test("where decision records are trimmed away, what they may have told of counts as decided")
    func trimmedRecords() async throws {
        let first = try host("", ", decision_max_length: 2")
        try publish("a", "b", "c")
        try await redis.waitForDecisions(3)
        await first.stop()
        // Progress from before all of them, and records of the newest alone.
        try redis.command("SET", Self.progress, "1-1 0")
        try redis.command("XTRIM", Self.decisions, "MAXLEN", "2")
        try redis.command("XGROUP", "DESTROY", Self.stream, "governor")
        for plan in ["a", "b", "c"] { try redis.command("DEL", "quantum:governor:outcome:\(plan)") }
        let second = try host("", ", decision_max_length: 2")
        try publish("d")
        try await eventually("d") { try plans().contains("d permit") }
        await second.stop()
        #expect(try plans().count { $0.hasPrefix("a ") || $0.hasPrefix("b ") || $0.hasPrefix("c ") } <= 2)
        #expect(Set(try plans()).count == (try plans().count))
    }

    @Test("an entry of another stream with the same id, in a shared decision stream, is not taken for this one's")
    func sharedDecisionStream() async throws {
        let first = try host()
        try publish("a")
        try await redis.waitForDecisions(1)
        try await hasProgress()
        await first.stop()
        let now = try redis.command("TIME").element(0)?.text ?? ""
        let id = "\(now)999-5"
        try redis.command("XGROUP", "DESTROY", Self.stream, "governor")
        try redis.send(["XADD", Self.stream, id] + Plans.fullClose("b").flatMap { [$0.name, $0.value] })
        try redis.command(
            "XADD", Self.decisions, "*", "intent_id", id, "plan_id", "elsewhere", "outcome", "permit")
        let second = try host()
        try await redis.waitForDecisions(3)
        await second.stop()
        #expect(try plans() == ["a permit", "elsewhere permit", "b permit"])
    }

    @Test("start: beginning on an old stream: a plan an hour old takes no budget, and an old close is permitted")
    func oldStream() async throws {
        let old = WallClock.now().milliseconds - 3_600_000
        try redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", "0", "ts_epoch", "\(old / 1_000 + 3_600)")
        for (index, plan) in [Plans.open("open"), Plans.fullClose("close")].enumerated() {
            try redis.send(["XADD", Self.stream, "\(old)-\(index)"] + plan.flatMap { [$0.name, $0.value] })
        }
        let host = try host()
        try await redis.waitForDecisions(2)
        await host.stop()
        #expect(try plans() == ["open skip", "close permit"])
        #expect(try redis.entries(Self.decisions).first?["reason"] == "intent_expired")
        #expect(try redis.command("EXISTS", "quantum:permit:open").integer == 0)
    }

    @Test("entries that are trimmed before a host has read them are counted: while it was away, and while it runs")
    func trimmedUnread() async throws {
        let first = try host()
        try publish("a", "b")
        try await redis.waitForDecisions(2)
        await first.stop()
        try publish("c", "d", "e", "f")
        try redis.command("XTRIM", Self.stream, "MAXLEN", "1")
        let second = try host()
        try await redis.waitForDecisions(3)
        let name = "gatehost_entries_trimmed_unread_total{stream=\"\(Self.stream)\"}"
        try await eventually("a count") { second.metrics.contains("\(name) 3\n") }
        // Two entries in one step, of which the first is gone before Redis can deliver it.
        try redis.command("MULTI")
        for plan in ["g", "h"] {
            try redis.send(
                ["XADD", Self.stream, "MAXLEN", "1", "*"] + Plans.fullClose(plan).flatMap { [$0.name, $0.value] })
        }
        try redis.command("EXEC")
        try await eventually("a count") { second.metrics.contains("\(name) 4\n") }
        try await redis.waitForDecisions(4)
        #expect(second.metrics.contains("gatehost_undelivered_entries{stream=\"\(Self.stream)\"} 0\n"))
        await second.stop()
        #expect(try plans() == ["a permit", "b permit", "f permit", "h permit"])
    }

    @Test("entries that were trimmed before the group was there are not counted")
    func trimmedBefore() async throws {
        try publish("a", "b", "c")
        try redis.command("XTRIM", Self.stream, "MAXLEN", "1")
        let host = try host()
        try await redis.waitForDecisions(1)
        try await hasProgress()
        #expect(host.metrics.contains("gatehost_entries_trimmed_unread_total{stream=\"\(Self.stream)\"} 0\n"))
        await host.stop()
    }

    @Test("a gauge keeps no old value where Redis tells none")
    func unknownBacklog() throws {
        let registry = MetricRegistry()
        let metrics = try PartitionMetrics(registry, stream: "s")
        func shown() -> Bool {
            String(decoding: registry.exposition(), as: UTF8.self).contains("undelivered_entries{stream=\"s\"} NaN")
        }
        metrics.set(Backlog(pending: 0, undelivered: 7), waiting: nil, lost: 0)
        #expect(!shown())
        metrics.set(Backlog(pending: 0, undelivered: nil), waiting: nil, lost: 0)
        #expect(shown())
    }
}
