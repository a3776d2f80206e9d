import GateAPI
import GateHost
import Redis
import TestSupport
import Testing
import TradingState

/// Garbage in the ledger's accounts and on the result stream. Budget 1,000 USD, price 100,000.
@Suite("Hostile accounts")
struct HostileAccountTests {
    private static let results = "quantum:stream:apply.result"
    private let world: LedgerWorld
    private var redis: RedisFixture { world.redis }

    init() throws { world = try LedgerWorld() }

    @Test(
        "a garbled part of an account is mended: what is under way counts on, and no order is held up",
        arguments: [
            ["t:0", "garbage"], ["t:0", "-100000000"], ["t:9", "1"], ["t:0", "1e5"], ["t:0", "99999999999999999999"],
            ["t:0", "nan"], ["t:0", ""], ["t:0", "\u{0}\r\n"], ["t:", "1"], ["t:0w", "garbage"], ["shown", "garbage"],
            ["shown", "-5"], ["held", "perhaps"], ["g:x", "garbage"], ["g:x.99999999999999:0", "x"],
            ["g:x.99999999999999:0", ""], ["g:x.y:0", "z"], ["g::0", ""], ["g:", "1 "], ["x:y", "0=0.01"],
            ["x:1:0", "garbage"], ["x:", ""], ["unknown", "0=1"],
        ])
    func garbled(part: [String]) async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        try redis.send(["HSET", LedgerWorld.account] + part)
        #expect(try await world.decide(.open("over", "BUY", "0.006")) == "block")
        #expect(try await world.decide(.open("within", "BUY", "0.004")) == "permit")
        #expect(try world.totals() == "0=0.01")
        #expect(try await world.decide(.open("full", "BUY", "0.001")) == "block")
        #expect(
            try redis.entries(RedisFixture.decisionStream).allSatisfy {
                $0["failed_open"] == "" || $0["failed_open"] == nil
            })
        await host.stop()
    }

    @Test("damage is counted, and a damaged account of one symbol touches no other")
    func counted() async throws {
        try redis.command("HSET", LedgerWorld.account, "t:0", "garbage", "g:x", "garbage", "g:y.1:0", "garbage")
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        try redis.publish([Plans.fullClose("eth", "ETHUSDT")], to: RedisFixture.planStream)
        try await redis.waitForDecisions(2)
        let damaged = host.metrics.firstMatch(of: /gatehost_accounts_damaged_total (\d+)/).flatMap { Int($0.1) }
        #expect(try #require(damaged) >= 3)
        #expect(try redis.outcomes() == ["a": "permit", "eth": "permit"])
        await host.stop()
    }

    @Test("an account that is full of garbage lets no order through that alone exceeds the budget")
    func garbledButOver() async throws {
        try redis.command("HSET", LedgerWorld.account, "t:0", "garbage", "x", "garbage")
        let host = try world.host()
        #expect(try await world.decide(.open("over", "BUY", "1")) == "block")
        await host.stop()
    }

    @Test(
        "an account of another type is put aside whole, and decisions go on",
        arguments: [["SET"], ["RPUSH"], ["SADD"], ["XADD", "*", "f"]])
    func wrongType(command: [String]) async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        try redis.command("DEL", LedgerWorld.account)
        try redis.send([command[0], LedgerWorld.account] + command.dropFirst() + ["x"])
        #expect(try await world.decide(.open("b", "BUY", "0.006")) == "permit")
        #expect(try world.totals() == "0=0.006")
        #expect(try redis.command("KEYS", LedgerWorld.account + ":damaged:*").count == 1)
        #expect(host.metrics.contains("gatehost_accounts_damaged_total 1\n"))
        await host.stop()
    }

    @Test("a report without a plan id or without an outcome does not hold up other reports")
    func poisonReport() async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.005")) == "permit")
        #expect(try await world.decide(.open("b", "BUY", "0.005")) == "permit")
        try redis.command("XADD", Self.results, "*", "plan_id", "no plan", "symbol", "BTCUSDT", "executed", "true")
        try redis.command("XADD", Self.results, "*", "plan_id", "a", "symbol", "BTCUSDT", "executed", "perhaps")
        try await world.report("b", executed: "False")
        #expect(try world.totals() == "0=0.005")
        #expect(try world.outcome("a").contains(" permit given "))
        #expect(try world.outcome("b").contains(" permit revoked "))
        #expect(host.metrics.contains("gatehost_unclear_reports_total 2\n"))
        #expect(host.metrics.contains("gatehost_grants_settled_total 1\n"))
        await host.stop()
    }

    @Test(
        "a report of a plan that has no grant changes no account",
        arguments: ["unknown", "blocked", "garbled", "other-type"])
    func strangers(plan: String) async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.005")) == "permit")
        #expect(try await world.decide(.open("blocked", "BUY", "1")) == "block")
        let grant = "0 1-1 permit given x position:BTCUSDT 0 x500000"
        try redis.command("SET", "quantum:governor:outcome:garbled", grant + "\u{0} position:BTCUSDT 9 1 0 x")
        try redis.command("RPUSH", "quantum:governor:outcome:other-type", "x")
        for executed in ["True", "False"] {
            try await world.report(plan, executed: executed, ["exchange_refused", "1"])
        }
        #expect(try world.outcome("a").contains(" permit given "))
        #expect(try await world.decide(.open("c", "BUY", "0.006")) == "block")
        #expect(try await world.decide(.open("d", "BUY", "0.005")) == "permit")
        await host.stop()
    }

    @Test(
        "an executed order counts on, even if a later report says otherwise",
        arguments: [[], ["exchange_refused", "true"]])
    func contradictingReports(more: [String]) async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.005")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        try await world.report("a", executed: "False", more)
        try await world.report("a", executed: "True", ["filled_qty", "0.001"])
        #expect(try world.totals() == "0=0.005")
        #expect(try world.outcome("a").contains(" permit executed "))
        await host.stop()
    }

    @Test(
        "a filled quantity that is no quantity counts as the whole order", arguments: ["-1", "nan", "", "1e400", "x"])
    func garbledFill(quantity: String) async throws {
        let host = try world.host()
        #expect(try await world.decide(.open("a", "BUY", "0.005")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True", ["filled_qty", quantity])
        #expect(try world.totals() == "0=0.005")
        await host.stop()
    }

    @Test("a snapshot of the far future that is corrected stops no decision and shows no execution")
    func correctedSnapshot() async throws {
        let host = try world.host("answers: { shown_margin: 0s }")
        try world.snapshot("0", ahead: -5)
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        try world.snapshot("0", ahead: 86_400)
        #expect(try await world.decide(.open("b", "SELL", "0.001")) != "dead_letter")
        // Stamped before the report: it shows nothing of the fill. The sell under way may leave something to close.
        try world.snapshot("0", ahead: -3)
        #expect(try await world.decide(.open("c", "BUY", "0.006")) == "permit")
        #expect(try world.permit("c").contains(#""reduce_only": true"#))
        await host.stop()
    }
}
