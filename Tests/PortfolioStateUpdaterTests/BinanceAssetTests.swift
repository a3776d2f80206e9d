import Logging
import Redis
import TestSupport
import Testing

@testable import PortfolioStateUpdater

@Suite("The assets of an account at the exchange")
struct BinanceAssetTests {
    /// In single-asset mode the totals are those of USDT: 1,000, beside 99,000 USDC.
    static let singleAsset = """
        {"totalWalletBalance":"1000.00000000","totalUnrealizedProfit":"-10.00000000",
         "totalMarginBalance":"990.00000000",
         "assets":[
          {"asset":"USDT","walletBalance":"1000.00000000","unrealizedProfit":"-10.00000000",
           "marginBalance":"990.00000000"},
          {"asset":"USDC","walletBalance":"99000.00000000","unrealizedProfit":"5.00000000",
           "marginBalance":"99005.00000000"},
          {"asset":"BNB","walletBalance":"0.00000000","unrealizedProfit":"0.00000000","marginBalance":"0.00000000"}],
         "positions":[]}
        """

    /// Reads `account` with the settings that `assets` gives as an operator would write them.
    static func read(_ account: String, assets: String) async throws -> PortfolioReading {
        let readings = AsyncStream.makeStream(of: PortfolioReading.self)
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.account = account }
            let redis = try RedisFixture()
            let settings = try PortfolioStateSettings(environment: [
                "PORTFOLIO_STATE_SOURCE": "binance", "BINANCE_API_KEY": FakeExchange.key,
                "BINANCE_API_SECRET": FakeExchange.secret, "BINANCE_BASE_URL": exchange.settings.baseURL,
                "BINANCE_ASSETS": assets,
            ])
            let source = settings.makeSource(
                redis: try RedisConfiguration(url: redis.server.url),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                readings.continuation.yield(try await source.read())
            } catch {
                await source.close()
                throw error
            }
            await source.close()
        }
        var iterator = readings.stream.makeAsyncIterator()
        return try #require(await iterator.next())
    }

    @Test("that count are listed: 99,000 USDC count beside USDT in single-asset mode")
    func listed() async throws {
        let reading = try await Self.read(Self.singleAsset, assets: "USDT,USDC")
        #expect(reading.balance == 100_000)
        #expect(reading.unrealizedProfit == -5)
        #expect(reading.equity == 99_995)
    }
}
