import GateAPI
import Platform
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("The equity that a cycle believes")
struct EquityBeliefTests {
    private func fixture(_ environment: [String: String] = [:]) throws -> EngineFixture {
        let universe = ["SYMBOL_UNIVERSE": "AUSDT,BUSDT,CUSDT,DUSDT,EUSDT"]
        return try EngineFixture(settings: try settings(universe.merging(environment) { $1 }))
    }

    @Test("row 5: a fresh loss supersedes the memory, and stays a budget of 0 after its record ages or vanishes")
    func loss() async throws {
        let fixture = try fixture()
        try fixture.publishState("100000")
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "1868")
        fixture.clock.advance(10)
        try fixture.publishState("-500")
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "0")
        #expect(try fixture.budget("AUSDT")["equity_usd"] == "-500")
        // The record ages, then it vanishes, then the loss itself is older than any memory.
        fixture.clock.advance(60)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "0")
        try fixture.redis.command("DEL", PortfolioState.key)
        for seconds: Int64 in [60, 1_000] {
            fixture.clock.advance(seconds)
            try await fixture.engine.cycle(heat: .positions)
            #expect(try fixture.budget("AUSDT")["budget_usd"] == "0")
            #expect(try fixture.budget("AUSDT")["timestamp"] == "\(fixture.clock.now().milliseconds / 1_000)")
        }
        #expect(fixture.metric("p28_invalid_equity_total") == "4")
    }

    @Test("a loss without budgets is remembered in the step of its cycle, which the lease fences")
    func fencedLoss() async throws {
        let fixture = try fixture(["P28_ON_NO_EQUITY": "none"])
        try fixture.publishState("100000")
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.board.outcome?.result?.budgets.count == 5)
        fixture.clock.advance(10)
        try fixture.publishState("-500")
        try fixture.redis.command("HSET", LeaseScript.key, "holder", "another")
        #expect(try await fixture.engine.cycle(heat: .positions).isFenced)
        #expect(try fixture.redis.hash(PortfolioStateMemory.key)["equity_usd"] == "100000")
        #expect(fixture.board.outcome == nil)
        try fixture.takeLease()
        #expect(try await fixture.engine.cycle(heat: .positions).written == 0)
        #expect(try fixture.redis.hash(PortfolioStateMemory.key)["equity_usd"] == "-500")
    }

    @Test("row 9: five symbols and four cycles on the last known good state count twenty")
    func lastKnownGoodUses() async throws {
        let fixture = try fixture()
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        fixture.clock.advance(40)
        for _ in 0..<4 { try await fixture.engine.cycle(heat: .positions) }
        #expect(fixture.metric("p28_lkg_cache_used_total") == "20")
    }

    @Test("row 10: a remembered state from the future replaces no good one")
    func futureMemory() async throws {
        let fixture = try fixture()
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        let ahead = fixture.clock.now().milliseconds / 1_000 + 3_600
        try fixture.redis.command(
            "HSET", "quantum:portfolio:state:lkg", "equity_usd", "1000000", "timestamp", "\(ahead)")
        try fixture.redis.command("DEL", PortfolioState.key)
        fixture.clock.advance(60)
        let report = try await fixture.engine.cycle(heat: .positions)
        #expect(report.written == 5)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "1868")
        #expect(try fixture.budget("AUSDT")["state_age_sec"] == "60")
    }

    @Test("row 13: one state of a hundred times the equity changes no budget", arguments: ["10000000", "0.01"])
    func glitch(_ equity: String) async throws {
        let fixture = try fixture()
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        fixture.clock.advance(10)
        try fixture.publishState(equity)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "1868")
        try fixture.redis.command("DEL", PortfolioState.key)
        fixture.clock.advance(60)
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "1868")
    }

    @Test("the sum of 600 budgets is at most the equity")
    func sum() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        for number in 0..<600 { try fixture.publishPosition("S\(number)USDT", "0.001") }
        try await fixture.engine.cycle(heat: .positions)
        var sum = Amount.zero
        for number in 0..<600 { sum = try sum + Amount(try fixture.budget("S\(number)USDT")["budget_usd"] ?? "") }
        #expect(sum <= 100_000)
        #expect(sum > 99_999)
    }
}
