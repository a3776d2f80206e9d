import GateAPI
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("Position records that cannot be believed")
struct PositionFaultTests {
    private func position(
        _ fixture: EngineFixture, _ key: String, _ quantity: String, mark: String = "100", secondsAgo: Int64 = 0
    ) throws {
        try fixture.redis.command(
            "HSET", key, "position_amt", quantity, "mark_price", mark, "ts_epoch",
            "\(fixture.clock.now().milliseconds / 1_000 - secondsAgo)")
    }

    private func problems(_ fixture: EngineFixture) -> String? {
        fixture.metric(#"p28_stale_input_total{input_type="position"}"#)
    }

    @Test("are unreadable, counted and not flat, although an older record says flat")
    func newerUnreadable() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try position(fixture, "quantum:position:snapshot:BTCUSDT", "0", secondsAgo: 5)
        try position(fixture, "quantum:state:positions:BTCUSDT", "10", mark: "nan", secondsAgo: 1)
        try await fixture.engine.cycle(heat: .positions)
        #expect(problems(fixture) == "1")
        #expect(try fixture.redis.hash("quantum:portfolio:heat")["positions"] != "0")
    }

    @Test("do not matter where a newer record can be read")
    func olderUnreadable() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try position(fixture, "quantum:position:snapshot:BTCUSDT", "nan", secondsAgo: 5)
        try position(fixture, "quantum:state:positions:BTCUSDT", "10", secondsAgo: 1)
        try await fixture.engine.cycle(heat: .positions)
        #expect(problems(fixture) == "0")
        #expect(try fixture.redis.hash("quantum:portfolio:heat")["heat"] == "0.0001")
    }

    @Test("are those of btcusdt, which no gate reads: newer than those of BTCUSDT, they are counted as unreadable")
    func otherSpelling() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try position(fixture, "quantum:position:snapshot:BTCUSDT", "0", secondsAgo: 5)
        try position(fixture, "quantum:position:snapshot:btcusdt", "10", secondsAgo: 1)
        try await fixture.engine.cycle(heat: .positions)
        #expect(problems(fixture) == "1")
    }

    @Test("are those 30 days old: they are left out of the heat, counted and told; the others count")
    func stale() async throws {
        let fixture = try EngineFixture()
        try fixture.publishState()
        try position(fixture, "quantum:position:snapshot:OLDUSDT", "1000", secondsAgo: 30 * 86_400)
        try position(fixture, "quantum:position:snapshot:BTCUSDT", "10")
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.redis.hash("quantum:portfolio:heat")["heat"] == "0.0001")
        #expect(problems(fixture) == "1")
        #expect(fixture.metric("p28_positions_stale") == "1")
    }
}

@Suite("More position records than budgets")
struct ManyPositionsTests {
    @Test("all open positions count in the heat, flat ones take no place, and SYMBOL_UNIVERSE gets its budgets")
    func heat() async throws {
        let fixture = try EngineFixture(settings: try settings(["SYMBOL_UNIVERSE": "UNIUSDT"]))
        try fixture.publishState()
        for number in 0..<2_100 { try fixture.publishPosition("A\(number)USDT", "0") }
        for number in 0..<500 { try fixture.publishPosition("Z\(number)USDT", "100") }
        try await fixture.engine.cycle(heat: .positions)
        // 500 × 100 × 100 × 0.01 / 100 000
        #expect(try fixture.redis.hash("quantum:portfolio:heat")["heat"] == "0.5")
        #expect(try !fixture.budget("UNIUSDT").isEmpty)
        #expect(try !fixture.budget("Z499USDT").isEmpty)
        #expect(fixture.metric("p28_symbols") == "2000")
        #expect(fixture.metric("p28_symbols_dropped_total") == "0")
    }

    @Test("all open positions count in the heat also beyond the number of budgets, which is an error that is told")
    func tooMany() async throws {
        let fixture = try EngineFixture(settings: try settings(["MAX_SYMBOLS": "400"]))
        try fixture.publishState()
        for number in 0..<500 { try fixture.publishPosition("Z\(number)USDT", "100") }
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.redis.hash("quantum:portfolio:heat")["heat"] == "0.5")
        #expect(fixture.metric("p28_symbols") == "400")
        #expect(fixture.metric("p28_symbols_dropped_total") == "100")
    }
}
