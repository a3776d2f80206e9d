import GateAPI
import GateHost
import P28Budget
import TestSupport
import Testing
import TradingState

/// G1: an account belongs to the gates that declare it.
@Suite("Claims of other gates")
struct ForeignClaimTests {
    private let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    private func host(_ second: String) throws -> HostFixture {
        try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }\n  - { gate: \(second), mode: enforce }",
                types: [P28Budget.self, ClaimingGate<Honest>.self, ClaimingGate<Undeclared>.self],
                url: world.redis.server.url, sections: "containment: { breaker_failures: 64 }"))
    }

    @Test("G1: a gate that claims from an account that it does not declare has failed, and takes nothing")
    func undeclared() async throws {
        let host = try host("undeclared")
        // One more would open the gate's breaker.
        for number in 0..<4 {
            let outcome = try await world.decide(.open("p\(number)", "BUY", "0.004", ["claim", "0"]))
            #expect(outcome == (number < 2 ? "permit" : "block"))
            let record = try world.lastRecord()
            #expect(record["failed_open"] == "undeclared:gate_error")
            #expect(record["gates"]?.contains("claims from an account that it does not declare") == true)
        }
        #expect(try world.totals() == "0=0.008")
        await host.stop()
    }

    @Test("G1: it takes nothing of a lane that another gate keeps either")
    func takesNothing() async throws {
        let host = try host("undeclared")
        #expect(try await world.decide(.open("a", "BUY", "0.004", ["claim", "0.5"])) == "permit")
        #expect(try world.totals() == "0=0.004")
        #expect(try world.outcome("a").hasSuffix(" position:BTCUSDT 0 400000"))
        await host.stop()
    }

    @Test("G1: two claims of one plan on one lane add up, and come back together")
    func addUp() async throws {
        let host = try host("honest")
        #expect(try await world.decide(.open("a", "BUY", "0.004", ["claim", "0.003"])) == "permit")
        #expect(try world.totals() == "0=0.007")
        #expect(try await world.decide(.open("b", "BUY", "0.004")) == "block")
        #expect(try await world.decide(.open("c", "BUY", "0.003")) == "permit")
        try await world.report("a", executed: "False")
        #expect(try world.totals() == "0=0.003")
        await host.stop()
    }

    @Test("G1: of a verdict that claims from a declared and from an undeclared account nothing is taken")
    func halfDeclared() async throws {
        let host = try host("honest")
        let plan = LedgerWorld.Plan.open("a", "BUY", "0.004", ["claim", "0.003", "claim-heat", "0.1"])
        #expect(try await world.decide(plan) == "permit")
        #expect(try world.lastRecord()["failed_open"] == "honest:gate_error")
        #expect(try world.totals() == "0=0.004")
        await host.stop()
    }

    @Test("a gate whose amendment is refused has failed, and takes nothing")
    func refusedAmendment() async throws {
        let host = try host("honest")
        let plan = LedgerWorld.Plan.open("a", "BUY", "0.004", ["claim", "0.003", "grow", "1"])
        #expect(try await world.decide(plan) == "permit")
        #expect(try world.lastRecord()["failed_open"] == "honest:gate_bad_amendment")
        #expect(try world.totals() == "0=0.004")
        await host.stop()
    }

    @Test(
        "I4: a gate whose claim does not hold by the account that it was shown fails alone, and its plan is decided",
        arguments: [("0", "2"), ("0.001", "0.9999")])
    func impossibleClaim(underWay: String, claim: String) async throws {
        let host = try host("honest")
        if underWay != "0" { #expect(try await world.decide(.open("a", "BUY", underWay)) == "permit") }
        #expect(try await world.decide(.open("b", "BUY", "0.004", ["claim", claim])) == "permit")
        #expect(try world.lastRecord()["failed_open"] == "honest:gate_error")
        #expect(try world.totals() == (underWay == "0" ? "0=0.004" : "0=0.005"))
        await host.stop()
    }
}
