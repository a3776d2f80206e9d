import GateAPI
import GateHost
import Redis
import Platform
import Testing
import TestSupport
import TradingState

/// Operators, other services and garbage change Redis under a running host.
@Suite("Hostile state")
struct HostileStateTests {
    private static let stream = RedisFixture.planStream
    private static let decisions = RedisFixture.decisionStream
    private let world: LedgerWorld
    private var redis: RedisFixture { world.redis }

    init() throws { world = try LedgerWorld() }

    @Test(
        "a user that may acknowledge but not write answers decides nothing, reports why, and goes on once it may",
        arguments: ["quantum:permit", "quantum:governor:account"])
    func rights(missing: String) async throws {
        try redis.publish([Plans.open("p", quantity: "0.001", price: "10000")], to: Self.stream)
        let others = [
            "quantum:permit", "quantum:governor:account", "quantum:governor:reserved", "quantum:governor:block",
            "quantum:governor:outcome", "quantum:governor:intake",
            "quantum:stream", "quantum:portfolio",
            "quantum:position", "quantum:state",
        ].filter { $0 != missing }
        var restrict = RedisPipeline()
        restrict.add(["ACL", "SETUSER", "default", "resetkeys"] + others.map { "~\($0):*" })
        if let error = try redis.connection.send(restrict).first?.error { throw error }
        let host = try world.host()
        try await eventually("a host that says why") {
            if case .waiting(let reason) = host.status.current {
                reason.contains("may not") && reason.contains(missing)
            } else {
                false
            }
        }
        #expect(try redis.decisionCount() == 0)
        try redis.command("ACL", "SETUSER", "default", "allkeys")
        try await redis.waitForDecisions(1)
        await host.stop()
        #expect(try redis.outcomes() == ["p": "permit"])
    }

    @Test("entries with the largest possible ids get their decisions")
    func largestIDs() async throws {
        let host = try world.host()
        for (plan, id) in [
            ("a", "1-9223372036854775808"), ("b", "9223372036854775808-1"),
            ("c", "18446744073709551615-18446744073709551615"),
        ] {
            var command = RedisPipeline()
            command.add(["XADD", Self.stream, id] + Plans.fullClose(plan, "ETHUSDT").flatMap { [$0.name, $0.value] })
            if let error = try redis.connection.send(command).first?.error { throw error }
        }
        try await redis.waitForDecisions(3)
        await host.stop()
        #expect(try redis.outcomes() == ["a": "permit", "b": "permit", "c": "permit"])
        #expect(try redis.entries(Self.decisions).last?["intent_id"] == "18446744073709551615-18446744073709551615")
    }

    @Test("a duplicate in the same batch takes nothing, and blocks no other plan")
    func duplicateInBatch() async throws {
        let order = Plans.open("p", quantity: "0.005", price: "100000")
        try redis.publish([order, order, order, Plans.open("c", quantity: "0.005", price: "100000")], to: Self.stream)
        let host = try world.host()
        try await redis.waitForDecisions(4)
        await host.stop()
        #expect(try redis.outcomes() == ["p": "permit", "c": "permit"])
        #expect(try redis.entries(Self.decisions).filter { $0["outcome"] == "duplicate" }.count == 2)
        #expect(try redis.command("XLEN", "quantum:stream:budget.violation").integer == 0)
        #expect(try world.totals() == "0=0.01")
    }

    @Test("a skipped entry leaves its plan id free for a later plan")
    func skippedBefore() async throws {
        let first = try world.host()
        try redis.publish([Plans.open("p", quantity: "0.001", price: "50000")], to: Self.stream)
        try await redis.waitForDecisions(1)
        await first.stop()
        // One batch: a skip, a duplicate that takes nothing, and a plan that was judged as if the duplicate had taken.
        let skip: Plans.Pairs = [("plan_id", "x"), ("symbol", "BTCUSDT"), ("decision", "SKIP")]
        try redis.publish(
            [
                skip, Plans.open("p", quantity: "0.001", price: "50000"),
                Plans.open("x", quantity: "0.001", price: "50000"),
            ], to: Self.stream)
        let second = try world.host()
        try await redis.waitForDecisions(4)
        await second.stop()
        #expect(
            try redis.entries(Self.decisions).map { $0["outcome"] ?? "" }.sorted() == [
                "duplicate", "permit", "permit", "skip",
            ])
        #expect(try world.totals() == "0=0.002")
    }

    @Test("after XGROUP DESTROY the host goes on behind its last decided entry, and decides nothing twice")
    func destroyedGroup() async throws {
        let host = try world.host()
        try redis.publish([Plans.fullClose("a"), Plans.fullClose("b")], to: Self.stream)
        try await redis.waitForDecisions(2)
        try redis.command("XGROUP", "DESTROY", Self.stream, "governor")
        try redis.publish([Plans.fullClose("c")], to: Self.stream)
        try await redis.waitForDecisions(3)
        await host.stop()
        #expect(try redis.entries(Self.decisions).map { $0["plan_id"] } == ["a", "b", "c"])
    }

    @Test("a position from the future does not hide the valid one of the other key")
    func futurePosition() async throws {
        try redis.command(
            "HSET", "quantum:state:positions:BTCUSDT", "position_amt", "0", "mark_price", "100000", "ts_epoch",
            "4102444800")
        let host = try world.host()
        try redis.publish([Plans.open("over", quantity: "1", price: "100000")], to: Self.stream)
        try await redis.waitForDecisions(1)
        await host.stop()
        #expect(try redis.outcomes() == ["over": "block"])
    }

    @Test("a plan id cannot name another service's permit")
    func foreignPermitName() async throws {
        let host = try world.host()
        try redis.publish([Plans.fullClose("p26:699f6031d9643cbe")], to: Self.stream)
        try await redis.waitForDecisions(1)
        await host.stop()
        #expect(try redis.entries(Self.decisions).first?["reason"] == "invalid_plan_id")
        #expect(try redis.command("EXISTS", "quantum:permit:p26:699f6031d9643cbe").integer == 0)
    }

    @Test("two processes share a consumer name: the one that stops deletes none of the other's pending entries")
    func sharedConsumer() async throws {
        let sections = "intake: { consumer: same, batch: 16, block: 20ms, claim_after: 1s, claim_interval: 100ms }"
        let first = try world.host(sections)
        let count = 3_000
        for start in stride(from: 0, to: count, by: 300) {
            let second = try world.host(sections)
            try redis.publish((start..<(start + 300)).map { Plans.fullClose("plan-\($0)") }, to: Self.stream)
            try await eventually("work") { try redis.decisionCount() > start }
            await second.stop()
        }
        try await redis.waitForDecisions(count)
        await first.stop()
        #expect(Set(try redis.entries(Self.decisions).compactMap { $0["intent_id"] }).count == count)
    }
}
