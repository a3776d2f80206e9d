import GateAPI
import Redis
import Testing

@testable import PortfolioStateUpdater

@Suite("The exchange's clock")
struct BinanceClockTests {
    @Test("may be ahead or behind: the account is still read", arguments: [-3_600_000, 7_200_000] as [Int64])
    func skewedFromTheStart(lead: Int64) async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.clockLead = lead }
            try await BinanceAccountSource.with(exchange.settings) { source, log in
                let reading = try await source.read()
                // Readers compare the timestamp with our clock, so it must come from our clock.
                #expect(Clocks.system.wall().since(reading.asOf) < .seconds(10))
                #expect(log.text.contains("the clocks of this machine and of the exchange differ"))
            }
        }
    }

    @Test("is read again if the exchange refuses the timestamp, and the account after it")
    func skewedLater() async throws {
        try await FakeExchange.serving { exchange in
            try await BinanceAccountSource.with(exchange.settings) { source, _ in
                _ = try await source.read()
                exchange.state.withLock { $0.clockLead = 60_000 }
                _ = try await source.read()
                #expect(exchange.state.withLock { $0.timeRequests } == 2)
                #expect(exchange.state.withLock { $0.accountRequests } == 3)
            }
        }
    }

    @Test("is not read a third time after two refusals of the timestamp")
    func skewedForGood() async throws {
        try await FakeExchange.serving { exchange in
            let refusal = FakeExchange.Fault.answer(
                400, body: #"{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}"#)
            exchange.state.withLock { $0.faults = [refusal, refusal] }
            try await BinanceAccountSource.with(exchange.settings) { source, _ in
                let message =
                    "Binance answered HTTP 400 with code -1021: the request's timestamp lies outside the receive window"
                #expect(await source.failure() == PortfolioStateFailure(.clockSkew, message))
                #expect(exchange.state.withLock { $0.accountRequests } == 2)
            }
        }
    }

    @Test("is read every hour; the known offset stays in use if that fails")
    func hourly() async throws {
        try await FakeExchange.serving { exchange in
            let clock = ManualClock()
            try await BinanceAccountSource.with(exchange.settings, clocks: clock.clocks) { source, log in
                for (advance, requests) in [
                    (Duration.zero, 1), (.seconds(3_599), 1), (.seconds(2), 2), (.seconds(3_000), 2),
                ] {
                    clock.advance(by: advance)
                    _ = try await source.read()
                    #expect(exchange.state.withLock { $0.timeRequests } == requests)
                }
                exchange.state.withLock { $0.timeFaults = [.answer(503, body: "")] }
                clock.advance(by: .seconds(3_600))
                _ = try await source.read()
                #expect(log.text.contains("the known offset is kept"))
            }
        }
    }

    @Test(
        "must be known before the account is read",
        arguments: [#"{"serverTime":"soon"}"#, "{}", #"{"serverTime":9223372036854775807}"#])
    func noClock(body: String) async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.timeFaults = [.answer(200, body: body)] }
            try await BinanceAccountSource.with(exchange.settings) { source, _ in
                #expect(await source.failure() != nil)
                #expect(exchange.state.withLock { $0.accountRequests } == 0)
                _ = try await source.read()
            }
        }
    }
}
