import GateAPI
import GateHost
import P28Budget
import Redis
import Platform
import Testing
import TestSupport
import TradingState

@Suite("Reservations")
struct ReservationTests {
    private static let stream = RedisFixture.planStream
    private static let decisions = RedisFixture.decisionStream
    private static let key = "quantum:governor:reserved:position:BTCUSDT"
    private let fixture: BudgetFixture
    private var redis: RedisFixture { fixture.redis }

    init() throws { fixture = try BudgetFixture() }

    /// Publishes orders of 0.01 at 40,000 (400 USD) and waits for their decisions.
    private func decide(_ plans: [String], side: String = "BUY") async throws -> [String: String] {
        let before = try redis.decisionCount()
        try redis.publish(plans.map { Plans.open($0, side: side, quantity: "0.01", price: "40000") }, to: Self.stream)
        try await redis.waitForDecisions(before + plans.count)
        let records = try redis.entries(Self.decisions)
        return Dictionary(
            uniqueKeysWithValues: records.suffix(plans.count).map { ($0["plan_id"] ?? "", $0["outcome"] ?? "") })
    }

    private func report(_ plan: String, executed: String) throws {
        try redis.command(
            "XADD", "quantum:stream:apply.result", "*", "plan_id", plan, "symbol", "BTCUSDT", "decision", "EXECUTE",
            "executed", executed)
    }

    @Test("later intents of the same batch and of later batches see earlier reservations")
    func sameBatch() async throws {
        try redis.publish(
            ["a", "b", "c"].map { Plans.open($0, quantity: "0.01", price: "40000") }, to: Self.stream)
        let host = try fixture.host()
        try await redis.waitForDecisions(3)
        #expect(try redis.entries(Self.decisions).map { $0["outcome"] } == ["permit", "permit", "block"])
        #expect(try await decide(["d"]) == ["d": "block"])
        #expect(try redis.hash(Self.key).keys.sorted() == ["a", "b", "last entry"])
        await host.stop()
    }

    @Test("an order of the other direction frees no budget, and needs none")
    func directions() async throws {
        let host = try fixture.host()
        #expect(try await decide(["a", "b"]) == ["a": "permit", "b": "permit"])
        #expect(try await decide(["c", "d", "e"], side: "SELL") == ["c": "permit", "d": "permit", "e": "block"])
        #expect(try await decide(["f"]) == ["f": "block"])
        await host.stop()
    }

    @Test("a plan that was not executed releases its reservation", arguments: ["False", "false"])
    func rejected(executed: String) async throws {
        let host = try fixture.host()
        #expect(try await decide(["a", "b"]) == ["a": "permit", "b": "permit"])
        try report("a", executed: executed)
        try await eventually("release") { try redis.hash(Self.key)["a"] == nil }
        #expect(try await decide(["c", "d"]) == ["c": "permit", "d": "block"])
        await host.stop()
    }

    @Test("an executed plan keeps its reservation until the position snapshot shows it")
    func executed() async throws {
        let host = try fixture.host()
        #expect(try await decide(["a", "b"]) == ["a": "permit", "b": "permit"])
        try report("a", executed: "True")
        try await eventually("report") { try redis.hash(Self.key)["a"]?.hasSuffix(" 0") == false }
        #expect(try await decide(["c"]) == ["c": "block"])
        // This snapshot shows plan a: 400 USD held, 400 USD reserved by b, and nothing counted twice.
        let later = (WallClock.now().milliseconds + 1_000) / 1_000
        try redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", "0.01", "mark_price", "40000", "ts_epoch",
            "\(later)")
        let record = try await decide(["d"])
        #expect(record == ["d": "block"])
        let last = try #require(try redis.entries(Self.decisions).last?["gates"])
        #expect(last.contains(#""position_notional":1200"#))
        #expect(last.contains(#""reserved_qty":0.01"#))
        await host.stop()
    }

    @Test(
        "a second entry of a plan id that got no outcome is judged anew, and reserves what it is permitted"
    )
    func repeatedWithoutOutcome() async throws {
        // Another Governor's permit makes the first entry a duplicate, so the plan id stays without an outcome.
        try redis.command("SET", "quantum:permit:a", "{}")
        try redis.publish((0..<2).map { _ in Plans.open("a", quantity: "0.01", price: "40000") }, to: Self.stream)
        let url = redis.server.url
        let host = try fixture.host(observer: { decisions in
            // The observer runs on the intake thread, so the key is gone before the second entry is committed.
            guard decisions.contains(where: { $0.result == .permitExists }) else { return }
            _ = try? RedisConnection(RedisConfiguration(url: url)).command("DEL", "quantum:permit:a")
        })
        try await redis.waitForDecisions(2)
        #expect(try redis.entries(Self.decisions).map { $0["outcome"] } == ["duplicate", "permit"])
        #expect(try redis.hash(Self.key).keys.sorted() == ["a", "last entry"])
        await host.stop()
    }

    @Test("a reservation without a report expires")
    func expiry() async throws {
        let host = try fixture.host("answers: { permit_ttl: 1s, reservation_ttl: 1s }")
        #expect(try await decide(["a", "b"]) == ["a": "permit", "b": "permit"])
        let expiry = try #require(
            try redis.hash(Self.key)["b"]?.split(separator: " ").dropFirst().first.flatMap { Int64($0) })
        try await eventually("expiry") { WallClock.now().milliseconds > expiry }
        #expect(try await decide(["d", "e"]) == ["d": "permit", "e": "permit"])
        await host.stop()
    }

    @Test("a commit that judged by outdated reservations writes nothing, and the entry stays pending")
    func conflict() throws {
        let configuration = try TestConfiguration.make(
            "  - { gate: p28-budget, mode: enforce }", types: [P28Budget.self], url: redis.server.url)
        let pipeline = Pipeline(gates: configuration.gates)
        try redis.command("XGROUP", "CREATE", Self.stream, "governor", "0", "MKSTREAM")
        try redis.publish(
            [Plans.open("a", quantity: "0.01", price: "40000"), Plans.open("b", quantity: "0.01", price: "40000")],
            to: Self.stream)
        let reply = try redis.command("XREADGROUP", "GROUP", "governor", "test", "STREAMS", Self.stream, ">")
        let ids =
            (reply.element(0)?.element(1)?.elements).map {
                $0.compactMap { $0.element(0)?.text.flatMap { EntryID($0) } }
            } ?? []
        var inputs = Inputs(now: WallClock.now())
        let symbol = try #require(Symbol("BTCUSDT"))
        inputs.set(PortfolioBudget(budget: 1_000, isEnforced: true, computedAt: inputs.now), for: symbol)
        inputs.fail(Position.self, for: symbol, .missing)
        inputs.fail(Reserved<PositionReservations>.self, for: symbol, .missing)
        // Two hosts judge the two plans by the same reservations.
        let items = zip(ids, ["a", "b"]).map { id, plan in
            CommitItem(
                decision: pipeline.decide(
                    StreamEntry(id: id, fields: Fields(Plans.open(plan, quantity: "0.01", price: "40000"))), inputs))
        }
        let sha = try #require(try redis.command("SCRIPT", "LOAD", CommitScript.source).text)
        var results: [Int?] = []
        for item in items {
            var commands = RedisPipeline()
            let encoder = CommitEncoder(stream: configuration.intake.stream, configuration: configuration, host: "test")
            encoder.encode([item], sha: sha, now: inputs.now, into: &commands)
            results.append(try redis.connection.send(commands).first?.element(0)?.integer)
        }
        #expect(results == [1, 5])
        #expect(try redis.command("EXISTS", "quantum:permit:b").integer == 0)
        #expect(try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer == 1)
    }
}
