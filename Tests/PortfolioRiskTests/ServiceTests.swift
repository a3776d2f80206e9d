import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The service")
struct ServiceTests {
    @Test("resumes its work when Redis comes back")
    func redisRestart() async throws {
        let service = try await ServiceFixture()
        _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
        try await eventually("a budget") { try !service.budget().isEmpty }
        service.redis.server.kill()
        try service.redis.server.restart()
        try service.redis.reconnect()
        try await eventually("a budget after the restart") { try !service.budget().isEmpty }
        await service.stop()
    }

    @Test("starts while Redis is unavailable and reports it")
    func redisAbsent() async throws {
        let service = try await ServiceFixture()
        service.redis.server.kill()
        #expect(try await service.get("/health").status == 503)
        #expect(try await service.get("/metrics").status == 200)
        await service.stop()
    }

    @Test("checks settings made in code by the same rules as the environment")
    func contradictions() throws {
        var settings = RiskSettings()
        settings.testMode = .on
        settings.listenHost = "0.0.0.0"
        #expect(throws: RiskConfigurationErrors.self) {
            try PortfolioRiskService(
                settings: settings, redis: .init(address: .unix(path: "/nowhere")), registry: .init(),
                logger: silentLogger)
        }
    }
}
