import Foundation
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The command")
struct CommandTests {
    @Test("checks the environment: prints the effective settings, or every mistake")
    func check() async throws {
        let good = try await Command(
            ["check"], ["BASE_RISK_PCT": "0.05", "P28_ADMIN_TOKEN": "0123456789abcdef", "P28_MOED": "x"]
        ).finish()
        #expect(good.status == 0)
        #expect(good.output.contains("BASE_RISK_PCT               = 0.05  # environment: "))
        #expect(good.output.contains("P28_MODE                    = shadow  # default: "))
        #expect(!good.output.contains("0123456789abcdef"))
        #expect(
            good.errors
                == "environment: warning: P28_MOED: not a variable of this service; did you mean P28_MODE?\n")
        let bad = try await Command(["check"], ["P28_MODE": "on", "PORT": "x"]).finish()
        #expect(bad.status == 1)
        #expect(bad.output.isEmpty)
        #expect(
            bad.errors == """
                environment: error: PORT: 'x' is not an integer
                environment: error: P28_MODE: 'on' is not one of shadow, enforce

                """)
    }

    @Test("checks the variables of the portfolio state too, as the run reads them")
    func checkState() async throws {
        let bad = try await Command(["check"], ["PORTFOLIO_STATE_SOURCE": "foo", "P28_MODE": "on"]).finish()
        #expect(bad.status == 1)
        #expect(
            bad.errors == """
                environment: error: P28_MODE: 'on' is not one of shadow, enforce
                environment: error: PORTFOLIO_STATE_SOURCE: 'foo' is not one of ledger, binance

                """)
        let near = try await Command(
            ["check"], ["PORTFOLIO_SOURCE": "ledger", "P28_MOD": "enforce", "SYMBOL_UNIVERS": "A", "HOME": "/"]
        ).finish()
        #expect(near.status == 0)
        #expect(
            near.errors == """
                environment: warning: P28_MOD: not a variable of this service; did you mean P28_MODE?
                environment: warning: PORTFOLIO_SOURCE: not a variable of this service; did you mean \
                PORTFOLIO_STATE_SOURCE?
                environment: warning: SYMBOL_UNIVERS: not a variable of this service; did you mean SYMBOL_UNIVERSE?

                """)
    }

    @Test("tells in check, at the start and in health a mode that is not P28_MODE's")
    func tellsMode() async throws {
        let service = try await ServiceFixture()
        _ = try await service.setMode("enforce")
        let redis = ["REDIS_URL": service.redis.server.url]
        let check = try await Command(["check"], redis).finish()
        let text = "enforce, by a change at run time from 127.0.0.1, not P28_MODE=shadow"
        #expect(check.output.hasSuffix("# mode at a start: \(text)\n"))
        let health = try await service.get("/health").body
        #expect(health.contains(#""mode_source":"a change at run time from 127.0.0.1","p28_mode":"shadow""#))
        await service.stop()
        let run = try Command(["run"], redis.merging(["PORT": "0", "LOG_STYLE": "json"]) { $1 })
        try await eventually("the lease") { try service.redis.hash(LeaseScript.key)["holder"]?.isEmpty == false }
        kill(run.process.processIdentifier, SIGTERM)
        let first = try await run.finish().errors.split(separator: "\n").first ?? ""
        #expect(first.contains(#""message":"service starts""#) && first.contains(text))
    }

    @Test("asks the service at the address of its environment, and needs no --url")
    func ownAddress() async throws {
        let service = try await ServiceFixture()
        let done = try await Command(
            ["mode", "enforce"], ["P28_ADMIN_TOKEN": ServiceFixture.token, "PORT": "\(service.port)"]
        ).finish()
        #expect(done.status == 0, "\(done.errors)")
        #expect(try service.redis.hash("quantum:portfolio:mode")["mode"] == "enforce")
        await service.stop()
    }

    @Test("refuses to start in test mode unless it listens on loopback")
    func testMode() async throws {
        let result = try await Command(["run"], ["P28_TEST_MODE": "1", "LISTEN_HOST": "0.0.0.0"]).finish()
        #expect(result.status == 1)
        #expect(result.errors.contains("LISTEN_HOST must be a loopback address"))
    }

    @Test("rolls a running service back to shadow and reports the change")
    func rollback() async throws {
        let service = try await ServiceFixture(["P28_MODE": "enforce"])
        _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
        try await eventually("a budget") { try service.budget()["mode"] == "enforce" }
        let url = "http://127.0.0.1:\(service.port)"
        let done = try await Command(["mode", "shadow", "--url", url], ["P28_ADMIN_TOKEN": ServiceFixture.token])
            .finish()
        #expect(done.status == 0, "\(done.errors)")
        #expect(
            done.output == #"{"success":true,"mode":"shadow","previous":"enforce","changed":true,"applied":true}"#
                + "\n")
        #expect(try service.budget()["mode"] == "shadow")
        let refused = try await Command(["mode", "enforce", "--url", url], ["P28_ADMIN_TOKEN": "wrong-wrong-wrong"])
            .finish()
        #expect(refused.status == 1)
        #expect(refused.errors == "error: the service answered 403: {\"detail\":\"Invalid token\"}\n")
        let without = try await Command(["mode", "shadow"]).finish()
        #expect(without.status == 1)
        #expect(without.errors == "error: P28_ADMIN_TOKEN is not set\n")
        await service.stop()
    }

    @Test("writes budgets at once, runs until SIGTERM and ends cleanly")
    func run() async throws {
        let redis = try RedisFixture()
        let now = Int(Date().timeIntervalSince1970)
        try redis.command("HSET", "quantum:state:portfolio", "equity_usd", "100000", "timestamp", "\(now)")
        let command = try Command(
            ["run"], ["REDIS_URL": redis.server.url, "PORT": "0", "SYMBOL_UNIVERSE": "BTCUSDT", "LOG_STYLE": "json"])
        try await eventually("a budget") { try !redis.hash("quantum:portfolio:budget:BTCUSDT").isEmpty }
        kill(command.process.processIdentifier, SIGTERM)
        let result = try await command.finish()
        #expect(result.status == 0)
        #expect(result.errors.contains(#""message":"service stopped""#))
    }
}
