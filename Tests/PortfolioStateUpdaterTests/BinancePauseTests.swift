import GateAPI
import Redis
import Testing

@testable import PortfolioStateUpdater

@Suite("An exchange that limits requests")
struct BinancePauseTests {
    @Test(
        "gets no requests after a rate limit or ban, for as long as the exchange says",
        arguments: [
            (
                429, ["Retry-After": "7"],
                #"{"code":-1003,"msg":"Too many requests; current limit is 2400 requests per minute."}"#, 7,
                PortfolioStateFailure.Reason.rateLimited
            ),
            (429, [:], #"{"code":-1003,"msg":"Too many requests."}"#, 60, .rateLimited),
            (403, [:], "<html>", 60, .rateLimited),
            (418, ["Retry-After": "300"], #"{"code":-1003,"msg":"Way too many requests."}"#, 300, .banned),
            (418, ["Retry-After": "99999999999"], "", 259_200, .banned),
            (418, ["Retry-After": "soon"], "", 120, .banned),
        ] as [(Int, [String: String], String, Int, PortfolioStateFailure.Reason)])
    func paused(
        status: Int, headers: [String: String], body: String, seconds: Int, reason: PortfolioStateFailure.Reason
    ) async throws {
        try await FakeExchange.serving { exchange in
            let clock = ManualClock()
            exchange.state.withLock { $0.faults = [.answer(status, headers: headers, body: body)] }
            try await BinanceAccountSource.with(exchange.settings, clocks: clock.clocks) { source, _ in
                #expect(await source.failure()?.reason == reason)
                clock.advance(by: .seconds(seconds - 1))
                #expect(await source.failure()?.reason == reason)
                #expect(exchange.state.withLock { $0.accountRequests } == 1)
                clock.advance(by: .seconds(1))
                _ = try await source.read()
                #expect(exchange.state.withLock { $0.accountRequests } == 2)
            }
        }
    }

    @Test("gets no requests until the end of a ban that only the error text gives")
    func bannedUntil() async throws {
        try await FakeExchange.serving { exchange in
            let end = Clocks.system.wall().milliseconds + 1_800_000
            let body =
                #"{"code":-1003,"msg":"Way too many requests; IP banned until \#(end). "#
                + #"Please use the websocket for live updates."}"#
            exchange.state.withLock { $0.faults = [.answer(418, body: body)] }
            let clock = ManualClock()
            try await BinanceAccountSource.with(exchange.settings, clocks: clock.clocks) { source, _ in
                #expect(await source.failure()?.reason == .banned)
                clock.advance(by: .seconds(1_700))
                #expect(await source.failure()?.reason == .banned)
                clock.advance(by: .seconds(101))
                _ = try await source.read()
            }
        }
    }

    @Test("gets no requests for the rest of the minute once the weight is nearly used up")
    func weight() async throws {
        try await FakeExchange.serving { exchange in
            let clock = ManualClock()
            try await BinanceAccountSource.with(exchange.settings, clocks: clock.clocks) { source, _ in
                _ = try await source.read()
                exchange.state.withLock { $0.usedWeight = 2_200 }
                _ = try await source.read()
                #expect(await source.failure()?.reason == .rateLimited)
                #expect(exchange.state.withLock { $0.accountRequests } == 2)
                exchange.state.withLock { $0.usedWeight = 5 }
                clock.advance(by: .seconds(60))
                _ = try await source.read()
            }
        }
    }
}
