import Logging
import Redis
import TestSupport
import Testing

@testable import PortfolioStateUpdater

@Suite("A ban by the exchange")
struct BinanceBanTests {
    /// One life of an updater's source.
    static func read(_ exchange: FakeExchange, _ redis: RedisFixture) async throws -> PortfolioStateFailure? {
        let source = PortfolioStateSettings(source: .binance(exchange.settings)).makeSource(
            redis: try RedisConfiguration(url: redis.server.url),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        var failure: PortfolioStateFailure?
        do throws(PortfolioStateFailure) {
            _ = try await source.read()
        } catch {
            failure = error
        }
        await source.close()
        return failure
    }

    @Test(
        "outlives restarts: three of them send no request",
        arguments: [(418, PortfolioStateFailure.Reason.banned), (429, .rateLimited)])
    func restarts(status: Int, reason: PortfolioStateFailure.Reason) async throws {
        try await FakeExchange.serving { exchange in
            let redis = try RedisFixture()
            exchange.state.withLock { $0.faults = [.answer(status, headers: ["Retry-After": "300"], body: "")] }
            for _ in 0..<4 {
                #expect(try await Self.read(exchange, redis)?.reason == reason)
                #expect(exchange.state.withLock { $0.timeRequests + $0.accountRequests } == 2)
            }
        }
    }
}
