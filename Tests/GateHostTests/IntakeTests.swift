import Deployment
import GateAPI
import GateHost
import HeatGate
import P28Budget
import Redis
import Synchronization
import Platform
import Testing
import TestSupport
import TradingState

@Suite("Intake")
struct IntakeTests {
    private static let stream = RedisFixture.planStream
    private static let decisions = RedisFixture.decisionStream
    private static let real: [any Gate.Type] = [P28Budget.self, HeatGate.self]

    private func seed(_ redis: RedisFixture, budget: String = "1820.93", mode: String = "enforce", age: Int = 1) throws
    {
        let now = Int(WallClock.now().milliseconds / 1_000)
        try redis.command(
            "HSET", "quantum:portfolio:budget:BTCUSDT", "symbol", "BTCUSDT", "budget_usd", budget, "mode", mode,
            "timestamp", "\(now - age)")
        try redis.command(
            "HSET", "quantum:portfolio:heat", "heat", "0.06", "bucket", "COLD", "equity_usd", "100000", "timestamp",
            "\(now)", "source", "test")
        try redis.publishPosition("0")
    }

    private func configuration(_ redis: RedisFixture, mode: String = "enforce", sections: String = "") throws
        -> HostConfiguration
    {
        try TestConfiguration.make(
            "  - { gate: p28-budget, mode: \(mode) }\n  - { gate: heat, mode: \(mode) }", types: Self.real,
            url: redis.server.url, sections: sections)
    }

    @Test("the budget gate blocks the first cent over the budget, and publishes the violation")
    func budget() async throws {
        let redis = try RedisFixture()
        try seed(redis)
        try redis.publishPosition("0", markPrice: "1820.93")
        let host = try HostFixture(configuration(redis))
        try redis.publish(
            [
                Plans.open("over", quantity: "1", price: "1820.94"),
                Plans.open("exact", quantity: "1", price: "1820.93"), Plans.fullClose("close"),
            ], to: Self.stream)
        try await redis.waitForDecisions(3)
        await host.stop()
        #expect(try redis.command("EXISTS", "quantum:permit:exact").integer == 1)
        #expect(try redis.command("EXISTS", "quantum:permit:close").integer == 1)
        #expect(try redis.command("EXISTS", "quantum:permit:over").integer == 0)
        #expect(
            try redis.command("GET", "quantum:governor:block:over").text?.hasPrefix(
                #"{"reason": "p28_budget_violation","#) == true)
        let events = try redis.entries("quantum:stream:budget.violation")
        #expect(events.count == 1)
        let start =
            #"{"event_type": "budget.violation", "symbol": "BTCUSDT", "position_notional": 1820.94, "#
            + #""budget_usd": 1820.93, "over_budget": 0.01, "mode": "enforce", "timestamp": "#
        #expect(events.first?["json"]?.hasPrefix(start) == true)
        #expect(host.metrics.contains("gatehost_decisions_total{outcome=\"block\"} 1\n"))
    }

    @Test(
        "in shadow, by the host or by the budget record, the same plan is permitted and recorded as would-block",
        arguments: ["host", "record"])
    func shadow(by: String) async throws {
        let redis = try RedisFixture()
        try seed(redis, mode: by == "record" ? "shadow" : "enforce")
        let host = try HostFixture(configuration(redis, mode: by == "host" ? "shadow" : "enforce"))
        try redis.publish([Plans.open("over", quantity: "1", price: "1820.94")], to: Self.stream)
        try await redis.waitForDecisions(1)
        await host.stop()
        let record = try #require(try redis.entries(Self.decisions).first)
        #expect(record["outcome"] == "permit")
        #expect(record["would_block"] == "p28-budget:p28_budget_violation")
        #expect(try redis.command("EXISTS", "quantum:permit:over").integer == 1)
        #expect(
            try redis.entries("quantum:stream:budget.violation").first?["json"]?.contains(#""mode": "shadow""#) == true)
    }

    @Test("a budget key of the wrong type affects only the gate that reads it")
    func wrongType() async throws {
        let redis = try RedisFixture()
        try seed(redis)
        try redis.command("DEL", "quantum:portfolio:budget:BTCUSDT")
        try redis.command("RPUSH", "quantum:portfolio:budget:BTCUSDT", "x")
        try redis.command("HSET", "quantum:portfolio:heat", "heat", "0.9")
        let host = try HostFixture(configuration(redis))
        try redis.publish([Plans.open("plan-1")], to: Self.stream)
        try await redis.waitForDecisions(1)
        await host.stop()
        let record = try #require(try redis.entries(Self.decisions).first)
        #expect(record["failed_open"] == "p28-budget:input_unavailable")
        #expect(record["outcome"] == "block")
        #expect(record["reason"] == "p26_heat_hot")
    }

    @Test("each of the 21 sample plans has the outcome that the contract demands")
    func samples() async throws {
        let redis = try RedisFixture()
        let samples = try Plans.samples()
        #expect(samples.count == 21)
        try redis.publish(samples.map(\.fields), to: Self.stream)
        let host = try HostFixture(configuration(redis))
        try await redis.waitForDecisions(21)
        await host.stop()
        let outcomes = Dictionary(
            uniqueKeysWithValues: zip(
                samples.map { String($0.name.prefix(2)) }, try redis.entries(Self.decisions).map { $0["outcome"] ?? "" }
            ))
        for skip in ["04", "05", "15", "17", "18"] { #expect(outcomes[skip] == "skip", "\(skip)") }
        for dead in ["16", "20"] { #expect(outcomes[dead] == "dead_letter", "\(dead)") }
        #expect(outcomes["21"] == "duplicate")
        for permit in ["01", "02", "03", "06", "07", "08", "09", "10", "11", "12", "13", "14", "19"] {
            #expect(outcomes[permit] == "permit", "\(permit)")
        }
    }

    @Test("the host claims and decides the pending entries of a dead consumer")
    func claims() async throws {
        let redis = try RedisFixture()
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        try redis.publish((0..<50).map { Plans.open("plan-\($0)") }, to: Self.stream)
        try redis.command("XREADGROUP", "GROUP", "governor", "dead-host:1", "COUNT", "50", "STREAMS", Self.stream, ">")
        let host = try HostFixture(
            configuration(redis, sections: "intake: { batch: 7, claim_after: 1s, claim_interval: 100ms }"))
        try await redis.waitForDecisions(50)
        await host.stop()
        #expect(Set(try redis.entries(Self.decisions).compactMap { $0["plan_id"] }).count == 50)
        #expect(host.metrics.contains("gatehost_entries_claimed_total 50\n"))
    }

    @Test("pending entries that were trimmed from the stream are recorded as dead letters")
    func trimmed() async throws {
        let redis = try RedisFixture()
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        try redis.publish((0..<4).map { Plans.open("plan-\($0)") }, to: Self.stream)
        try redis.command("XREADGROUP", "GROUP", "governor", "dead-host:1", "COUNT", "3", "STREAMS", Self.stream, ">")
        try redis.command("XTRIM", Self.stream, "MAXLEN", "2")
        let host = try HostFixture(configuration(redis, sections: "intake: { claim_after: 1s, claim_interval: 100ms }"))
        try await redis.waitForDecisions(4)
        await host.stop()
        let records = try redis.entries(Self.decisions)
        #expect(records.filter { $0["reason"] == "entry_trimmed" && $0["outcome"] == "dead_letter" }.count == 2)
        #expect(records.filter { $0["outcome"] == "permit" }.count == 2)
        #expect(try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer == 0)
    }

    @Test("a new group begins where the configuration says", arguments: ["beginning", "end"])
    func start(_ start: String) async throws {
        let redis = try RedisFixture()
        try redis.publish([Plans.open("before")], to: Self.stream)
        let host = try HostFixture(configuration(redis, sections: "intake: { start: \(start) }"))
        try await eventually("ready") { host.status.current == .ready }
        try redis.publish([Plans.open("after")], to: Self.stream)
        try await redis.waitForDecisions(start == "end" ? 1 : 2)
        await host.stop()
        #expect(try redis.entries(Self.decisions).last?["plan_id"] == "after")
    }

    @Test("a deleted stream is created again")
    func deletedStream() async throws {
        let redis = try RedisFixture()
        let host = try HostFixture(configuration(redis))
        try await eventually("ready") { host.status.current == .ready }
        try redis.command("DEL", Self.stream)
        try redis.publish([Plans.open("after")], to: Self.stream)
        try await redis.waitForDecisions(1)
        await host.stop()
    }

    @Test("a host that stops deletes its consumer, and leaves nothing pending")
    func leaving() async throws {
        let redis = try RedisFixture()
        let host = try HostFixture(configuration(redis))
        try redis.publish((0..<200).map { Plans.open("plan-\($0)") }, to: Self.stream)
        try await redis.waitForDecisions(200)
        await host.stop()
        #expect(try redis.command("XINFO", "CONSUMERS", Self.stream, "governor").count == 0)
    }

    @Test("I10: a recorded decision, replayed with its recorded inputs, gives the same gates")
    func replay() async throws {
        let redis = try RedisFixture()
        try seed(redis)
        let configuration = try configuration(redis, sections: "answers: { record_inputs: true }")
        let host = try HostFixture(configuration)
        try redis.publish(
            [
                Plans.open("over", quantity: "1", price: "1820.94"), Plans.open("under", quantity: "0.001"),
                Plans.fullClose("close"),
            ], to: Self.stream)
        try await redis.waitForDecisions(3)
        await host.stop()
        let pipeline = Pipeline(gates: configuration.gates)
        for record in try redis.entries(Self.decisions) {
            let replayed = try Replay(record).gates(pipeline)
            let recorded = try #require(record["gates"]).replacing(/"duration_us":[0-9.]+/, with: "\"duration_us\":0")
            #expect(replayed == recorded)
        }
    }
}
