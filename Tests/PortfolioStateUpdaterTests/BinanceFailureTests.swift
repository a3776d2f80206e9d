import GateAPI
import Redis
import Testing

@testable import PortfolioStateUpdater

@Suite("A bad response of the exchange")
struct BinanceFailureTests {
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

    @Test("fails the read; the next read succeeds", arguments: badAnswers.indices)
    func badAnswer(index: Int) async throws {
        let (fault, reason) = Self.badAnswers[index]
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.faults = [fault] }
            try await BinanceAccountSource.with(exchange.settings) { source, _ in
                let failure = await source.failure()
                #expect(failure?.reason == reason, "\(failure?.message ?? "no failure")")
                _ = try await source.read()
            }
        }
    }

    @Test("that stops after its beginning times out")
    func slow() async throws {
        try await FakeExchange.serving { exchange in
            exchange.state.withLock { $0.faults = [.slow] }
            var settings = exchange.settings
            settings.timeout = .milliseconds(300)
            try await BinanceAccountSource.with(settings) { source, _ in
                let start = ContinuousClock.now
                #expect(
                    await source.failure() == PortfolioStateFailure(.timeout, "Binance did not answer within 0.3 s")
                )
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test("is missing if nothing listens; the error does not contain the query")
    func unreachable() async throws {
        let settings = BinanceSettings(
            key: Secret("hunter2-key"), secret: Secret("hunter2-secret"), baseURL: "http://127.0.0.1:1",
            timeout: .seconds(5))
        try await BinanceAccountSource.with(settings) { source, _ in
            let failure = await source.failure()
            #expect(failure?.reason == .connection)
            #expect(failure?.message.contains("signature") == false)
            #expect(failure?.message.contains("hunter2") == false)
        }
    }

    @Test("causes an error that names the malformed member and quotes nothing")
    func messages() throws {
        func message(_ body: String) -> String? {
            do throws(PortfolioStateFailure) {
                _ = try BinanceAccount(json: Array(body.utf8)).reading(
                    counting: BinanceAssets(), asOf: Timestamp(seconds: 1))
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
