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
}
