import GateHost
import KillSwitch
import P28Budget
import Redis
import TestSupport
import Testing

/// The kill switch takes back live permits of whatever may open a position.
@Suite("Revocation")
struct RevocationTests {
    private let world: LedgerWorld
    private var redis: RedisFixture { world.redis }

    init() throws {
        world = try LedgerWorld()
        try world.setBudget("100000000")
        try world.snapshot("10")
    }

    private func host(_ mode: String = "enforce", _ sections: String = "") throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }\n  - { gate: kill-switch, mode: \(mode) }",
                types: [P28Budget.self, KillSwitch.self], url: redis.server.url, sections: sections))
    }

    private func revoked(_ host: HostFixture) -> Int? {
        host.metrics.firstMatch(of: /\ngatehost_permits_revoked_total (\d+)/).flatMap { Int($0.1) }
    }

    private func isLive(_ plan: String) throws -> Bool { try !world.permit(plan).isEmpty }

    @Test("kill switch revokes: of an open, a capped close and a consumed open only the first is taken back")
    func revokes() async throws {
        let host = try host()
        #expect(try await world.decide(.open("open", "BUY", "0.006")) == "permit")
        #expect(try await world.decide(.close("close", "SELL", "10", ["reduceOnly", "true"])) == "permit")
        #expect(try await world.decide(.open("consumed", "BUY", "0.001")) == "permit")
        try world.consume("consumed")
        #expect(try world.totals() == "0=0.007 3=10")
        try redis.command("SET", "quantum:kill", "1")
        try await eventually("the revocation") { try !isLive("open") }
        #expect(try isLive("close"))
        #expect(try world.totals() == "0=0.001 3=10")
        #expect(try world.outcome("open").contains(" permit revoked "))
        #expect(try world.outcome("consumed").contains(" permit given "))
        #expect(try world.outcome("close").contains(" permit given "))
        try await eventually("the metric") { revoked(host) == 1 }
        // The plan id is free, and the plan is judged anew: now it may only reduce, or not open at all.
        #expect(try await world.decide(.open("open", "BUY", "0.006")) == "block")
        await host.stop()
    }

    @Test("a plan whose permit was taken back gets one again once the switch is off")
    func free() async throws {
        let host = try host()
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        try redis.command("SET", "quantum:kill", "1")
        try await eventually("the revocation") { try !isLive("a") }
        try redis.command("SET", "quantum:kill", "0")
        #expect(try await world.decide(.open("a", "BUY", "0.006")) == "permit")
        #expect(try world.totals() == "0=0.006")
        try await Task.sleep(for: .milliseconds(300))
        #expect(try isLive("a"))
        await host.stop()
    }

    @Test("a permit that is given after the switch was set, by a host that does not obey it, is taken back too")
    func late() async throws {
        let obeying = try host()
        try redis.command("SET", "quantum:kill", "1")
        #expect(try await world.decide(.open("blocked", "BUY", "0.001")) == "block")
        await obeying.stop()
        let other = try host("shadow")
        #expect(try await world.decide(.open("late", "BUY", "0.001")) == "permit")
        try await Task.sleep(for: .milliseconds(1_500))
        #expect(try isLive("late"), "a switch in shadow takes nothing back")
        let again = try host("enforce", "intake: { stream: \"other:plans\" }")
        try await eventually("the first revocation") { try !isLive("late") }
        #expect(try await world.decide(.open("later", "BUY", "0.001")) == "permit")
        try await eventually("the second revocation", within: 10) { try !isLive("later") }
        #expect(try world.totals() == "")
        await again.stop()
        await other.stop()
    }

    @Test("permits of many pages of the decision stream are taken back, each once, by several hosts together")
    func many() async throws {
        let hosts = [try host(), try host()]
        try world.publish((0..<300).map { .open("p\($0)", "BUY", "0.001") })
        try await redis.waitForDecisions(300)
        #expect(try world.totals() == "0=0.3")
        try redis.command("SET", "quantum:kill", "1")
        try await eventually("all revocations") { try world.totals() == "" }
        try await eventually("the metrics") { hosts.compactMap(revoked).reduce(0, +) == 300 }
        #expect(try redis.command("KEYS", "quantum:permit:*").count == 0)
        for host in hosts { await host.stop() }
    }

    @Test(
        "K4: a switch that is not clearly off stops, and says why",
        arguments: [
            ("true", ""), ("on", ""), ("1 ", ""), ("1\n", ""), ("exchange is down", "unclear"), ("", nil), ("0\n", nil),
            ("Off", nil), ("FALSE", nil), (" no ", nil),
        ] as [(String, String?)])
    func ambiguous(text: String, doubt: String?) async throws {
        try redis.command("SET", "quantum:kill", text)
        let host = try host()
        #expect(try await world.decide(.open("a", "BUY", "0.001")) == (doubt == nil ? "permit" : "block"))
        let gates = try world.lastRecord()["gates"] ?? ""
        #expect(gates.contains(#""switch":"all""#) == (doubt != nil))
        if let doubt, !doubt.isEmpty { #expect(gates.contains("\"switch_value\":\"\(doubt)\"")) }
        #expect(try await world.decide(.close("close", "SELL", "10", ["reduceOnly", "true"])) == "permit")
        await host.stop()
    }

    @Test("K4: a switch of another type stops, says so, and takes permits back")
    func anotherType() async throws {
        let host = try host()
        #expect(try await world.decide(.open("a", "BUY", "0.001")) == "permit")
        try redis.command("HSET", "quantum:kill", "0", "0")
        try await eventually("the revocation") { try !isLive("a") }
        #expect(try await world.decide(.open("b", "BUY", "0.001")) == "block")
        let gates = try world.lastRecord()["gates"] ?? ""
        #expect(gates.contains(#""switch":"all""#) && gates.contains(#""switch_value":"another_type""#))
        await host.stop()
    }

    @Test(
        "a switch of a symbol or source takes back its permits alone, and stops its plans alone",
        arguments: [
            ("quantum:kill:symbol:BTCUSDT", "1"), ("quantum:kill:symbol:BTCUSDT", "on\n"),
            ("quantum:kill:source:exit brain", "true"),
        ])
    func scoped(key: String, text: String) async throws {
        let isSymbol = key.contains(":symbol:")
        let other = isSymbol ? ["symbol", "ETHUSDT", "source", "exit brain"] : ["source", "exit brain 2"]
        let host = try host()
        #expect(try await world.decide(.open("a", "BUY", "0.001", ["source", " exit brain\n"])) == "permit")
        #expect(try await world.decide(.open("b", "BUY", "0.001", other)) == "permit")
        try redis.command("SET", key, text)
        try await eventually("the revocation") { try !isLive("a") }
        #expect(try await world.decide(.open("c", "BUY", "0.001", ["source", "exit brain"])) == "block")
        #expect(try world.lastRecord()["gates"]?.contains("\"switch\":\"\(isSymbol ? "symbol" : "source")\"") == true)
        #expect(try await world.decide(.open("d", "BUY", "0.001", other)) == "permit")
        #expect(try isLive("b"))
        try await eventually("the metric") { revoked(host) == 1 }
        try redis.command("DEL", key)
        #expect(try await world.decide(.open("e", "BUY", "0.001", ["source", "exit brain"])) == "permit")
        try await Task.sleep(for: .milliseconds(300))
        #expect(try isLive("e"))
        await host.stop()
    }

    @Test("a host that starts finds the switches of symbols and sources that were set before")
    func before() async throws {
        let other = try host("shadow")
        #expect(try await world.decide(.open("a", "BUY", "0.001", ["source", "bridge"])) == "permit")
        #expect(try await world.decide(.open("b", "BUY", "0.001", ["symbol", "ETHUSDT"])) == "permit")
        #expect(try await world.decide(.open("c", "BUY", "0.001", ["symbol", "XRPUSDT"])) == "permit")
        try redis.command("SET", "quantum:kill:source:bridge", "1")
        try redis.command("HSET", "quantum:kill:symbol:ETHUSDT", "why", "delisted")
        let obeying = try host("enforce", "intake: { stream: \"other:plans\" }")
        try await eventually("the revocations") { try !isLive("a") && !isLive("b") }
        #expect(try await world.decide(.open("late", "BUY", "0.001", ["symbol", "ETHUSDT"])) == "permit")
        try await eventually("the revocation of a later permit", within: 10) { try !isLive("late") }
        #expect(try isLive("c"))
        await obeying.stop()
        await other.stop()
    }

    @Test("K8: a plan that names no source counts as from its stream's, for the gate, the revocation and the record")
    func pinned() async throws {
        let host = try host(
            "enforce", "intake: { streams: [quantum:stream:apply.plan, other], sources: [bridge, any] }")
        func unnamed(_ plan: String) -> LedgerWorld.Plan {
            LedgerWorld.Plan(pairs: LedgerWorld.Plan.open(plan, "BUY", "0.001").pairs.filter { $0.name != "source" })
        }
        #expect(try await world.decide(unnamed("a")) == "permit")
        #expect(try world.lastRecord()["plan"]?.contains(#""source":"bridge""#) == true)
        try redis.publish([unnamed("elsewhere").pairs], to: "other")
        try await redis.waitForDecisions(2)
        try redis.command("SET", "quantum:kill:source:bridge", "1")
        try await eventually("the revocation") { try !isLive("a") }
        #expect(try await world.decide(unnamed("b")) == "block")
        #expect(try world.lastRecord()["gates"]?.contains("\"switch\":\"source\"") == true)
        #expect(try isLive("elsewhere"))
        await host.stop()
    }

    @Test("K8: a plan whose record does not hold it is taken back by the switch of any source")
    func unknownSource() async throws {
        let host = try host("enforce", "answers: { plan_max_bytes: 1024 }")
        let junk = String(repeating: "j", count: 1_100)
        #expect(try await world.decide(.open("large", "BUY", "0.001", ["source", "bridge", "junk", junk])) == "permit")
        #expect(try await world.decide(.open("small", "BUY", "0.001", ["source", "desk"])) == "permit")
        try redis.command("SET", "quantum:kill:source:bridge", "1")
        try await eventually("the revocation") { try !isLive("large") }
        #expect(try isLive("small"))
        await host.stop()
    }
}
