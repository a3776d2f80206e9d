import GateAPI
import Redis
import Testing

@testable import PortfolioStateUpdater

@Suite("The account at the exchange")
struct BinanceAccountSourceTests {
    @Test("is read with a signed request")
    func reads() async throws {
        try await FakeExchange.serving { exchange in
            try await BinanceAccountSource.with(exchange.settings) { source, _ in
                let before = Clocks.system.wall()
                let reading = try await source.read()
                #expect(reading.balance == (try Amount("10000.12345678")))
                #expect(reading.unrealizedProfit == (try Amount("-150.5")))
                #expect(reading.equity == (try Amount("9849.62345678")))
                #expect(reading.positionCount == 2)
                #expect(reading.positionsNotional == (try Amount("12249.5")))
                #expect(reading.asOf >= before && reading.asOf <= Clocks.system.wall())
                #expect(exchange.state.withLock { $0.lastPath } == "/fapi/v3/account")
            }
        }
    }

    @Test("is read in version 2 with the notional computed from entry price and profit")
    func version2() async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.account = Accounts.v2 }
            var settings = exchange.settings
            settings.version = .v2
            try await BinanceAccountSource.with(settings) { source, _ in
                let reading = try await source.read()
                #expect(reading.equity == (try Amount("22.22469206")))
                #expect(reading.positionCount == 1)
                // 0.01 short from 3000 at a loss of 1.5: the mark is 3150.
                #expect(reading.positionsNotional == (try Amount("31.5")))
                #expect(exchange.state.withLock { $0.lastPath } == "/fapi/v2/account")
            }
        }
    }

    @Test("is refused with a wrong key or secret, and neither appears in an error or a log")
    func wrongCredentials() async throws {
        try await FakeExchange.serving { exchange in
            var wrongSecret = exchange.settings
            wrongSecret.secret = Secret("hunter2-secret")
            var wrongKey = exchange.settings
            wrongKey.key = Secret("hunter2-key")
            let expected = [
                "Binance answered HTTP 400 with code -1022: the signature is wrong: check BINANCE_API_SECRET",
                """
                Binance answered HTTP 401 with code -2015: \
                the API key is unknown, or its permissions or allowed addresses do not cover this request
                """,
            ]
            for (settings, message) in zip([wrongSecret, wrongKey], expected) {
                try await BinanceAccountSource.with(settings) { source, log in
                    #expect(await source.failure() == PortfolioStateFailure(.unauthorized, message))
                    #expect(!log.text.contains("hunter2"))
                }
            }
        }
    }

    @Test("is not read after the source is closed")
    func closed() async throws {
        let settings = BinanceSettings(key: Secret("k"), secret: Secret("s"), baseURL: "http://127.0.0.1:1")
        try await BinanceAccountSource.with(settings) { source, _ in
            await source.close()
            #expect(await source.failure() == PortfolioStateFailure(.connection, "the source is closed"))
        }
    }
}
