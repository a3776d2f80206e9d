import Foundation
import Redis
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The endpoints")
struct EndpointTests {
    @Test("answer /health exactly as documented, and with 503 while Redis is unavailable")
    func health() async throws {
        try await withService { service in
            try await eventually("the lease") { try await service.get("/health").body.contains(#""role":"active""#) }
            let health = try await service.get("/health")
            #expect(health.status == 200)
            // The original's members come first.
            #expect(
                health.body.hasPrefix(
                    #"{"status":"healthy","service":"p2.8-portfolio-risk-governor","mode":"shadow","#
                        + #""redis":"connected","mode_source":"P28_MODE","p28_mode":"shadow","role":"active","holder":""#
                ))
            // The client would take a body after the response to HEAD for the next response.
            for _ in 0..<3 {
                #expect(try await service.send(.HEAD, "/health").body.isEmpty)
                #expect(try await service.get("/health").status == 200)
            }
            service.redis.server.kill()
            let down = try await service.get("/health")
            #expect(down.status == 503)
            #expect(down.body.hasPrefix(#"{"detail":"Unhealthy: "#))
            #expect(try await service.get("/budget/BTCUSDT").status == 500)
            let check = try await service.post("/budget/check?symbol=BTCUSDT&position_notional=1")
            #expect(check.status == 200)
            #expect(
                check.body.hasPrefix(
                    #"{"violation":false,"budget_usd":null,"over_budget":0.0,"mode":"shadow","#
                        + #""reason":"error_fail_open: "#
                ))
            #expect(
                try await service.post("/mode", #"{"mode":"enforce"}"#, authorization: "Bearer \(ServiceFixture.token)")
                    .status == 503)
            try service.redis.server.restart()
            try await eventually("health") { try await service.get("/health").status == 200 }
        }
    }

    @Test("inject a portfolio state from the query or a JSON body, and a new budget follows")
    func inject() async throws {
        try await withService { service in
            let before = Int(Date().timeIntervalSince1970)
            let answer = try await service.post("/test/inject_portfolio_state?equity_usd=100000&drawdown=0.05")
            let state = try service.redis.hash("quantum:state:portfolio")
            let timestamp = try #require(state["timestamp"].flatMap { Int($0) })
            #expect((before...before + 5).contains(timestamp))
            expect(
                answer, 200,
                #"{"success":true,"injected":{"equity_usd":"100000.0","drawdown":"0.05","timestamp":"\#(timestamp)"},"#
                    + #""message":"Portfolio state injected (TTL 120s)"}"#
            )
            #expect(try service.redis.command("TTL", "quantum:state:portfolio").integer ?? 0 > 115)
            try await eventually("a budget") { try service.budget()["budget_usd"] == "1868" }

            let body = try await service.post(
                "/test/inject_portfolio_state", #"{"equity_usd": 123456.789, "drawdown": "0.1"}"#)
            #expect(
                body.body.hasPrefix(
                    #"{"success":true,"injected":{"equity_usd":"123456.789","drawdown":"0.1","timestamp":""#))
            try await eventually("the new budget") { try service.budget()["equity_usd"] == "123456.789" }

            expect(
                try await service.post("/test/inject_portfolio_state"), 422,
                #"{"detail":[{"type":"missing","loc":["query","equity_usd"],"msg":"Field required","input":null}]}"#)
            expect(
                try await service.post("/test/inject_portfolio_state", #"{"equity_usd":"x"}"#), 422,
                #"{"detail":[{"type":"float_parsing","loc":["body","equity_usd"],"#
                    + #""msg":"Input should be a valid number, unable to parse string as a number","input":"x"}]}"#
            )
            expect(
                try await service.post("/test/inject_portfolio_state?equity_usd=1", "[1"), 422,
                #"{"detail":[{"type":"json_invalid","loc":["body"],"#
                    + #""msg":"JSON decode error: an object is expected","input":null}]}"#
            )
            #expect(
                try await service.post("/test/inject_portfolio_state", String(repeating: " ", count: 20_000)).status
                    == 422)
        }
    }

    @Test("inject a portfolio state of the time that the request gives")
    func injectTimestamp() async throws {
        try await withService { service in
            let answer = try await service.post(
                "/test/inject_portfolio_state", #"{"equity_usd": 100000, "drawdown": 0, "timestamp": 1795354280}"#)
            expect(
                answer, 200,
                #"{"success":true,"injected":{"equity_usd":"100000.0","drawdown":"0.0","timestamp":"1795354280"},"#
                    + #""message":"Portfolio state injected (TTL 120s)"}"#
            )
            #expect(try service.redis.hash("quantum:state:portfolio")["timestamp"] == "1795354280")
            _ = try await service.post(
                "/test/inject_portfolio_state?equity_usd=1&timestamp=1795354281.5", #"{"timestamp": "1"}"#)
            #expect(try service.redis.hash("quantum:state:portfolio")["timestamp"] == "1795354281.5")
            for wrong in ["1e17", "-5"] {
                expect(
                    try await service.post("/test/inject_portfolio_state?equity_usd=1&timestamp=\(wrong)"), 422,
                    #"{"detail":[{"type":"timestamp_parsing","loc":["query","timestamp"],"#
                        + #""msg":"Input should be a time in epoch seconds","input":"\#(wrong)"}]}"#
                )
            }
        }
    }

    @Test("refuse to inject outside of test mode")
    func injectForbidden() async throws {
        try await withService(["P28_TEST_MODE": "0"]) { service in
            expect(
                try await service.post("/test/inject_portfolio_state?equity_usd=1"), 403,
                #"{"detail":"Test mode not enabled (P28_TEST_MODE=0)"}"#)
            #expect(try service.redis.hash("quantum:state:portfolio").isEmpty)
        }
    }

    @Test("return a budget as an object of strings")
    func budget() async throws {
        try await withService { service in
            try service.setBudget(
                "OLDUSDT", "symbol", "OLDUSDT", "budget_usd", "1820.0", "stress_factor", "0.09", "note", "a \"b\" ü")
            expect(
                try await service.get("/budget/OLDUSDT"), 200,
                #"{"symbol":"OLDUSDT","budget_usd":"1820.0","stress_factor":"0.09","note":"a \"b\" ü"}"#)
            for path in ["/budget/NONEUSDT", "/budget/%20", "/budget/check"] {
                expect(try await service.get(path), 200, #"{"error":"no_budget_data"}"#)
            }
            _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
            try await eventually("a budget") { try !service.budget().isEmpty }
            let own = try await service.get("/budget/BTCUSDT").body
            #expect(
                own.hasPrefix(
                    #"{"symbol":"BTCUSDT","budget_usd":"1868","stress_factor":"0.066","#
                        + #""equity_usd":"100000","portfolio_heat":"0","#
                ))
        }
    }

    @Test("check a position against its budget and fail open")
    func check() async throws {
        try await withService(["P28_MODE": "enforce"]) { service in
            try service.setBudget("AUSDT", "budget_usd", "1820.0")
            try service.setBudget("NANUSDT", "budget_usd", "nan")
            try service.setBudget("BAREUSDT", "symbol", "BAREUSDT")
            func check(_ query: String) async throws -> HTTPAnswer { try await service.post("/budget/check?\(query)") }
            expect(
                try await check("symbol=AUSDT&position_notional=3640"), 200,
                #"{"violation":true,"budget_usd":1820.0,"over_budget":1820.0,"mode":"enforce","enforce":true}"#)
            expect(
                try await check("symbol=AUSDT&position_notional=1820"), 200,
                #"{"violation":false,"budget_usd":1820.0,"over_budget":0.0,"mode":"enforce","enforce":true}"#)
            expect(
                try await check("symbol=BAREUSDT&position_notional=10000.5"), 200,
                #"{"violation":true,"budget_usd":10000.0,"over_budget":0.5,"mode":"enforce","enforce":true}"#)
            expect(
                try await check("symbol=NONE&position_notional=1"), 200,
                #"{"violation":false,"budget_usd":null,"over_budget":0.0,"mode":"enforce","#
                    + #""reason":"no_budget_data_fail_open"}"#
            )
            expect(
                try await check("symbol=NANUSDT&position_notional=1"), 200,
                #"{"violation":false,"budget_usd":null,"over_budget":0.0,"mode":"enforce","#
                    + #""reason":"error_fail_open: budget_usd is no finite number"}"#
            )
            expect(
                try await service.post("/budget/check", #"{"symbol":"AUSDT","position_notional":1}"#), 422,
                #"{"detail":[{"type":"missing","loc":["query","symbol"],"msg":"Field required","input":null},"#
                    + #"{"type":"missing","loc":["query","position_notional"],"msg":"Field required","input":null}]}"#
            )
            expect(
                try await check("symbol=AUSDT&position_notional=abc"), 422,
                #"{"detail":[{"type":"float_parsing","loc":["query","position_notional"],"#
                    + #""msg":"Input should be a valid number, unable to parse string as a number","input":"abc"}]}"#
            )
            expect(
                try await check("symbol=AUSDT&position_notional=inf"), 422,
                #"{"detail":[{"type":"finite_number","loc":["query","position_notional"],"#
                    + #""msg":"Input should be a finite number","input":"inf"}]}"#
            )
            let metrics = try await service.get("/metrics").body
            #expect(metricValue(#"p28_budget_blocks_total{symbol="AUSDT"}"#, in: metrics) == "1")
            #expect(metricValue(#"p28_budget_allow_total{symbol="AUSDT"}"#, in: metrics) == "1")
            #expect(metricValue(#"p28_stale_input_total{input_type="budget_hash"}"#, in: metrics) == "2")
        }
    }

    @Test("refuse other paths and methods")
    func unknown() async throws {
        try await withService { service in
            for path in [
                "/", "/nope", "/budget", "/budget/", "/budget/a/b", "/health/", "/test", "/test/other", "//health",
                "/%2f",
            ] {
                expect(try await service.get(path), 404, #"{"detail":"Not Found"}"#)
            }
            for path in ["/health", "/metrics", "/budget/BTCUSDT"] {
                let answer = try await service.post(path)
                expect(answer, 405, #"{"detail":"Method Not Allowed"}"#)
                #expect(answer.headers["allow"] == "GET")
            }
            expect(try await service.get("/mode"), 405, #"{"detail":"Method Not Allowed"}"#)
            expect(try await service.get("/test/inject_portfolio_state"), 405, #"{"detail":"Method Not Allowed"}"#)
        }
    }
}
