import Foundation
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("A start")
struct StartTests {
    @Test("beside a live service whose port it wants changes nothing in Redis")
    func portTaken() async throws {
        let redis = try RedisFixture()
        let service = try await ServiceFixture(["P28_MODE": "shadow"], on: redis)
        try await service.inject("100000")
        _ = try await service.setMode("enforce")
        try await eventually("a budget") { try service.budget()["mode"] == "enforce" }
        let record = try redis.hash("quantum:portfolio:mode")
        let result = try await Command(
            ["run"],
            [
                "REDIS_URL": redis.server.url, "PORT": "\(service.port)", "P28_MODE": "enforce",
                "SYMBOL_UNIVERSE": "NEWUSDT", "PORTFOLIO_STATE_SOURCE": "ledger", "PORTFOLIO_STATE_EMPTY_IS_FLAT": "1",
            ]
        ).finish()
        #expect(result.status != 0)
        #expect(try redis.hash("quantum:portfolio:mode") == record)
        #expect(try service.budget()["mode"] == "enforce")
        #expect(try service.budget("NEWUSDT").isEmpty)
        #expect(try redis.command("EXISTS", "quantum:stream:portfolio.state").integer == 0)
        await service.stop()
    }

    @Test("needs the subcommand run; without one the program prints its help")
    func help() async throws {
        let redis = try RedisFixture()
        let result = try await Command([], ["REDIS_URL": redis.server.url, "PORT": "0"]).finish()
        #expect(result.status == 0)
        #expect(result.output.contains("USAGE: portfolio-risk-governor <subcommand>"))
        #expect(try redis.command("DBSIZE").integer == 0)
    }
}
