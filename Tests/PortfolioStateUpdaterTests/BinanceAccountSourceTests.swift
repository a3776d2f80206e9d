import GateAPI
import Logging
import Redis
import Synchronization
import Testing

@testable import PortfolioStateUpdater

@Suite("The account at the exchange")
struct BinanceAccountSourceTests {
    /// Gives a source and the log it writes to, and closes it.
    static func with(
        _ settings: BinanceSettings, clocks: Clocks = .system,
        _ body: (BinanceAccountSource, LogRecorder) async throws -> Void
    ) async throws {
        let log = LogRecorder()
        let source = BinanceAccountSource(settings: settings, logger: log.logger, clocks: clocks)
        do {
            try await body(source, log)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
    }

    static func failure(_ source: BinanceAccountSource) async -> PortfolioStateFailure? {
        do throws(PortfolioStateFailure) {
            _ = try await source.read()
            return nil
        } catch {
            return error
        }
    }

    @Test("is read with a signed request")
    func reads() async throws {
        try await FakeExchange.serving { exchange in
            try await Self.with(exchange.settings) { source, _ in
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

    @Test("is read in its second version too, where the notional follows from entry price and profit")
    func version2() async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.account = Accounts.v2 }
            var settings = exchange.settings
            settings.version = .v2
            try await Self.with(settings) { source, _ in
                let reading = try await source.read()
                #expect(reading.equity == (try Amount("22.22469206")))
                #expect(reading.positionCount == 1)
                // 0.01 short from 3000, 1.5 lost: the mark is 3150.
                #expect(reading.positionsNotional == (try Amount("31.5")))
                #expect(exchange.state.withLock { $0.lastPath } == "/fapi/v2/account")
            }
        }
    }

    @Test("is refused with a wrong key or secret, and neither is told to anyone")
    func wrongCredentials() async throws {
        try await FakeExchange.serving { exchange in
            var wrongSecret = exchange.settings
            wrongSecret.secret = Secret("hunter2-secret")
            var wrongKey = exchange.settings
            wrongKey.key = Secret("hunter2-key")
            let expected = [
                "Binance answered HTTP 400 with code -1022: the signature is wrong: check BINANCE_API_SECRET",
                "Binance answered HTTP 401 with code -2015: the API key is unknown, or its permissions or allowed addresses do not cover this request",
            ]
            for (settings, message) in zip([wrongSecret, wrongKey], expected) {
                try await Self.with(settings) { source, log in
                    #expect(await Self.failure(source) == PortfolioStateFailure(.unauthorized, message))
                    #expect(!log.text.contains("hunter2"))
                }
            }
        }
    }

    @Test("is read with a clock that is off, whichever way", arguments: [-3_600_000, 7_200_000] as [Int64])
    func skewedFromTheStart(lead: Int64) async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.clockLead = lead }
            try await Self.with(exchange.settings) { source, log in
                let reading = try await source.read()
                // What is written is compared with our clock, so that is what it is stamped with.
                #expect(Clocks.system.wall().since(reading.asOf) < .seconds(10))
                #expect(log.text.contains("this machine's clock and the exchange's differ"))
            }
        }
    }

    @Test("is read again with a fresh clock when the exchange refuses the timestamp")
    func skewedLater() async throws {
        try await FakeExchange.serving { exchange in
            try await Self.with(exchange.settings) { source, _ in
                _ = try await source.read()
                exchange.state.withLock { $0.clockLead = 60_000 }
                _ = try await source.read()
                #expect(exchange.state.withLock { $0.timeRequests } == 2)
                #expect(exchange.state.withLock { $0.accountRequests } == 3)
            }
        }
    }

    @Test("is given up after a second refusal of the timestamp")
    func skewedForGood() async throws {
        try await FakeExchange.serving { exchange in
            let refusal = FakeExchange.Fault.answer(
                400, body: #"{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}"#)
            exchange.state.withLock { $0.faults = [refusal, refusal] }
            try await Self.with(exchange.settings) { source, _ in
                let message =
                    "Binance answered HTTP 400 with code -1021: the request's timestamp lies outside the receive window"
                #expect(await Self.failure(source) == PortfolioStateFailure(.clockSkew, message))
                #expect(exchange.state.withLock { $0.accountRequests } == 2)
            }
        }
    }

    @Test("has its clock read every hour, and keeps the known one where that fails")
    func hourly() async throws {
        try await FakeExchange.serving { exchange in
            let clock = ManualClock()
            try await Self.with(exchange.settings, clocks: clock.clocks) { source, log in
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
        "is not read without knowing the exchange's clock",
        arguments: [#"{"serverTime":"soon"}"#, "{}", #"{"serverTime":9223372036854775807}"#])
    func noClock(body: String) async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.timeFaults = [.answer(200, body: body)] }
            try await Self.with(exchange.settings) { source, _ in
                #expect(await Self.failure(source) != nil)
                #expect(exchange.state.withLock { $0.accountRequests } == 0)
                _ = try await source.read()
            }
        }
    }

    @Test(
        "is left alone after a refusal for asking too often, for as long as the exchange says",
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
            try await Self.with(exchange.settings, clocks: clock.clocks) { source, _ in
                #expect(await Self.failure(source)?.reason == reason)
                clock.advance(by: .seconds(seconds - 1))
                #expect(await Self.failure(source)?.reason == reason)
                #expect(exchange.state.withLock { $0.accountRequests } == 1)
                clock.advance(by: .seconds(1))
                _ = try await source.read()
                #expect(exchange.state.withLock { $0.accountRequests } == 2)
            }
        }
    }

    @Test("is left alone until the end of a ban that only the text of the refusal tells")
    func bannedUntil() async throws {
        try await FakeExchange.serving { exchange in
            let end = Clocks.system.wall().milliseconds + 1_800_000
            let body =
                #"{"code":-1003,"msg":"Way too many requests; IP banned until \#(end). Please use the websocket for live updates."}"#
            exchange.state.withLock { $0.faults = [.answer(418, body: body)] }
            let clock = ManualClock()
            try await Self.with(exchange.settings, clocks: clock.clocks) { source, _ in
                #expect(await Self.failure(source)?.reason == .banned)
                clock.advance(by: .seconds(1_700))
                #expect(await Self.failure(source)?.reason == .banned)
                clock.advance(by: .seconds(101))
                _ = try await source.read()
            }
        }
    }

    @Test("is left alone for the rest of the minute when the weight is nearly used up")
    func weight() async throws {
        try await FakeExchange.serving { exchange in
            let clock = ManualClock()
            try await Self.with(exchange.settings, clocks: clock.clocks) { source, _ in
                _ = try await source.read()
                exchange.state.withLock { $0.usedWeight = 2_200 }
                _ = try await source.read()
                #expect(await Self.failure(source)?.reason == .rateLimited)
                #expect(exchange.state.withLock { $0.accountRequests } == 2)
                exchange.state.withLock { $0.usedWeight = 5 }
                clock.advance(by: .seconds(60))
                _ = try await source.read()
            }
        }
    }

    static let badAnswers: [(FakeExchange.Fault, PortfolioStateFailure.Reason)] = [
        (
            .answer(500, body: #"{"code":-1000,"msg":"An unknown error occured while processing the request."}"#),
            .serverError
        ),
        (.answer(503, body: "<html>Service Unavailable</html>"), .serverError),
        (
            .answer(408, body: #"{"code":-1007,"msg":"Timeout waiting for response from backend server."}"#),
            .serverError
        ),
        (.answer(400, body: #"{"code":-1102,"msg":"Mandatory parameter 'timestamp' was not sent."}"#), .refused),
        (.answer(302, headers: ["Location": "http://127.0.0.1:1/"], body: ""), .refused),
        (.answer(200, body: "not json"), .inputMalformed),
        (.answer(200, body: ""), .inputMalformed),
        (.answer(200, body: "[]"), .inputMalformed),
        (
            .answer(200, body: #"{"totalWalletBalance":"1","totalUnrealizedProfit":"0","totalMarginBalance":"1"}"#),
            .inputMalformed
        ),
        (.answer(200, body: String(Accounts.v3.dropLast(40))), .inputMalformed),
        (.answer(200, body: String(repeating: "[", count: 100_000)), .inputMalformed),
        (.answer(200, body: Accounts.v3("totalMarginBalance", "NaN")), .inputNonFinite),
        (.answer(200, body: Accounts.v3("totalWalletBalance", "Infinity")), .inputNonFinite),
        (.answer(200, body: Accounts.v3("totalUnrealizedProfit", "-inf")), .inputNonFinite),
        (.answer(200, body: Accounts.v3("totalMarginBalance", "1,000.00")), .inputMalformed),
        (.answer(200, body: Accounts.v3("totalMarginBalance", "")), .inputMalformed),
        (.answer(200, body: Accounts.v3("totalMarginBalance", "1e40")), .outOfRange),
        (.answer(200, body: Accounts.v3("positionAmt", "nan")), .inputNonFinite),
        (.answer(200, body: Accounts.v3("notional", "1e30")), .outOfRange),
        (.truncated, .connection),
        (.huge(bytes: 8 << 20), .responseTooLarge),
    ]

    @Test("is not believed when the answer is bad, and read again next time", arguments: badAnswers.indices)
    func badAnswer(index: Int) async throws {
        let (fault, reason) = Self.badAnswers[index]
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.faults = [fault] }
            try await Self.with(exchange.settings) { source, _ in
                let failure = await Self.failure(source)
                #expect(failure?.reason == reason, "\(failure?.message ?? "no failure")")
                _ = try await source.read()
            }
        }
    }

    @Test("is not waited for beyond the time limit, even when its answer has begun")
    func slow() async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.faults = [.slow] }
            var settings = exchange.settings
            settings.timeout = .milliseconds(300)
            try await Self.with(settings) { source, _ in
                let start = ContinuousClock.now
                #expect(
                    await Self.failure(source) == PortfolioStateFailure(.timeout, "Binance did not answer within 0.3 s")
                )
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test("is unreachable where nothing listens, and the message tells no query")
    func unreachable() async throws {
        let settings = BinanceSettings(
            key: Secret("hunter2-key"), secret: Secret("hunter2-secret"), baseURL: "http://127.0.0.1:1",
            timeout: .seconds(5))
        try await Self.with(settings) { source, _ in
            let failure = await Self.failure(source)
            #expect(failure?.reason == .connection)
            #expect(failure?.message.contains("signature") == false)
            #expect(failure?.message.contains("hunter2") == false)
        }
    }

    @Test("is not read after the source was closed")
    func closed() async throws {
        let settings = BinanceSettings(key: Secret("k"), secret: Secret("s"), baseURL: "http://127.0.0.1:1")
        try await Self.with(settings) { source, _ in
            await source.close()
            #expect(await Self.failure(source) == PortfolioStateFailure(.connection, "the source is closed"))
        }
    }

    @Test("names the member that is wrong, and quotes nothing")
    func messages() throws {
        func message(_ body: String) -> String? {
            do throws(PortfolioStateFailure) {
                _ = try BinanceAccount(json: Array(body.utf8)).reading(asOf: Timestamp(seconds: 1))
                return nil
            } catch {
                return error.message
            }
        }
        #expect(message("{}") == "the account that Binance sent is not as documented: 'totalWalletBalance' is missing")
        #expect(
            message(Accounts.v3.replacing(#""positionAmt":"-2.000""#, with: #""positionAmt":-2"#))
                == "the account that Binance sent is not as documented: 'positions[1].positionAmt' has another type")
        #expect(
            message(Accounts.v3("positionAmt", "hunter2"))
                == "'positionAmt' of BTCUSDT in the answer of Binance is not a number")
        #expect(
            message(Accounts.v2.replacing(#""entryPrice":"3000.00","#, with: ""))
                == "a position in the answer of Binance has neither 'notional' nor 'entryPrice'")
    }
}
