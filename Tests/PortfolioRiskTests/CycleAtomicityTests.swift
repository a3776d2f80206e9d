import GateAPI
import Redis
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("A cycle whose connection ends")
struct CycleAtomicityTests {
    @Test("in the middle of its writes leaves all budgets of one equity", arguments: [0.2, 0.5, 0.9])
    func cut(_ share: Double) async throws {
        let redis = try RedisFixture()
        let symbols = (0..<600).map { "S\($0)USDT" }
        let settings = try settings(["SYMBOL_UNIVERSE": symbols.joined(separator: ",")])
        let proxy = try CuttingProxy(to: redis.server.socketPath, in: redis.server.folder)
        let fixture = try EngineFixture(redis, settings: settings, through: proxy.url)
        try fixture.publishState("100000.0")
        try await fixture.engine.cycle(heat: .positions)
        // A cycle sends about the same bytes each time.
        let sent = proxy.sent
        try await fixture.engine.cycle(heat: .positions)
        let cycle = proxy.sent - sent
        try fixture.publishState("120000.0")
        proxy.cut(after: Int(Double(cycle) * share))
        await #expect(throws: RedisError.self) { try await fixture.engine.cycle(heat: .positions) }
        let equities = Set(try symbols.map { try fixture.budget($0)["equity_usd"] })
        #expect(equities.count == 1, "\(equities)")
        proxy.cut(after: .max)
        try await fixture.engine.cycle(heat: .positions)
        #expect(Set(try symbols.map { try fixture.budget($0)["equity_usd"] }) == ["120000"])
    }
}
