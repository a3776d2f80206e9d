import Foundation
import Redis
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The endpoints")
struct EndpointTests {
    private func with(_ environment: [String: String] = [:], _ body: (ServiceFixture) async throws -> Void) async throws
    {
        let service = try await ServiceFixture(environment)
        do {
            try await body(service)
        } catch {
            await service.stop()
            throw error
        }
        await service.stop()
    }

    private func expect(
        _ answer: HTTPAnswer, _ status: UInt, _ body: String, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == status, sourceLocation: location)
        #expect(answer.body == body, sourceLocation: location)
        #expect(answer.headers["content-type"] == "application/json", sourceLocation: location)
    }

    @Test("answer /health to the letter, and 503 while Redis is away")
    func health() async throws {
        try await with { service in
            expect(
                try await service.get("/health"), 200,
                #"{"status":"healthy","service":"p2.8-portfolio-risk-governor","mode":"shadow","redis":"connected"}"#)
            // A body after the answer to HEAD would be taken for the next answer.
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
                    #"{"violation":false,"budget_usd":null,"over_budget":0.0,"mode":"shadow","reason":"error_fail_open: "#
                ))
            #expect(
                try await service.post("/mode", #"{"mode":"enforce"}"#, authorization: "Bearer \(ServiceFixture.token)")
                    .status == 503)
            try service.redis.server.restart()
            try await eventually("health") { try await service.get("/health").status == 200 }
        }
    }

    @Test("inject a portfolio state from the query or a JSON body, and the budget follows")
    func inject() async throws {
        try await with { service in
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
                #"{"detail":[{"type":"json_invalid","loc":["body"],"msg":"JSON decode error: an object is expected","input":null}]}"#
            )
            #expect(
                try await service.post("/test/inject_portfolio_state", String(repeating: " ", count: 20_000)).status
                    == 422)
        }
    }

    @Test("refuse to inject outside of test mode")
    func injectForbidden() async throws {
        try await with(["P28_TEST_MODE": "0"]) { service in
            expect(
                try await service.post("/test/inject_portfolio_state?equity_usd=1"), 403,
                #"{"detail":"Test mode not enabled (P28_TEST_MODE=0)"}"#)
            #expect(try service.redis.hash("quantum:state:portfolio").isEmpty)
        }
    }

    @Test("show a budget as an object of strings")
    func budget() async throws {
        try await with { service in
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
                    #"{"symbol":"BTCUSDT","budget_usd":"1868","stress_factor":"0.066","equity_usd":"100000","portfolio_heat":"0","#
                ))
        }
    }

    @Test("check a position against its budget, and fail open")
    func check() async throws {
        try await with(["P28_MODE": "enforce"]) { service in
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
                #"{"violation":false,"budget_usd":null,"over_budget":0.0,"mode":"enforce","reason":"no_budget_data_fail_open"}"#
            )
            expect(
                try await check("symbol=NANUSDT&position_notional=1"), 200,
                #"{"violation":false,"budget_usd":null,"over_budget":0.0,"mode":"enforce","reason":"error_fail_open: budget_usd is no finite number"}"#
            )
            expect(
                try await service.post("/budget/check", #"{"symbol":"AUSDT","position_notional":1}"#), 422,
                #"{"detail":[{"type":"missing","loc":["query","symbol"],"msg":"Field required","input":null},{"type":"missing","loc":["query","#
                    + #""position_notional"],"msg":"Field required","input":null}]}"#
            )
            expect(
                try await check("symbol=AUSDT&position_notional=abc"), 422,
                #"{"detail":[{"type":"float_parsing","loc":["query","position_notional"],"#
                    + #""msg":"Input should be a valid number, unable to parse string as a number","input":"abc"}]}"#
            )
            expect(
                try await check("symbol=AUSDT&position_notional=inf"), 422,
                #"{"detail":[{"type":"finite_number","loc":["query","position_notional"],"msg":"Input should be a finite number","input":"inf"}]}"#
            )
            let metrics = try await service.get("/metrics").body
            #expect(metricValue(#"p28_budget_blocks_total{symbol="AUSDT"}"#, in: metrics) == "1")
            #expect(metricValue(#"p28_budget_allow_total{symbol="AUSDT"}"#, in: metrics) == "1")
            #expect(metricValue(#"p28_stale_input_total{input_type="budget_hash"}"#, in: metrics) == "2")
        }
    }

    @Test("know no other paths, and no other methods")
    func unknown() async throws {
        try await with { service in
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

    @Test("change the mode for those who know the token, at once and on the audit trail")
    func mode() async throws {
        try await with(["BUDGET_COMPUTE_INTERVAL_SEC": "3600"]) { service in
            _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
            let enforce = #"{"mode":"enforce"}"#
            let missing = try await service.post("/mode", enforce)
            expect(missing, 401, #"{"detail":"Not authenticated"}"#)
            #expect(missing.headers["www-authenticate"] == "Bearer")
            expect(
                try await service.post("/mode", enforce, authorization: "Basic abc"), 401,
                #"{"detail":"Not authenticated"}"#)
            expect(
                try await service.post("/mode", enforce, authorization: "Bearer 0123456789abcdeF"), 403,
                #"{"detail":"Invalid token"}"#)
            let bearer = "Bearer \(ServiceFixture.token)"
            expect(
                try await service.post("/mode", #"{"mode":"Enforce"}"#, authorization: bearer), 422,
                #"{"detail":[{"type":"enum","loc":["body","mode"],"msg":"Input should be 'shadow' or 'enforce'","input":"Enforce"}]}"#
            )
            expect(
                try await service.post("/mode", authorization: bearer), 422,
                #"{"detail":[{"type":"missing","loc":["body","mode"],"msg":"Field required","input":null}]}"#)
            #expect(try service.redis.entries("quantum:stream:governor.events").isEmpty)

            expect(
                try await service.post("/mode", enforce, authorization: bearer), 200,
                #"{"success":true,"mode":"enforce","previous":"shadow","changed":true,"applied":true}"#)
            // No cycle is due for an hour: the answer itself waited for the budgets.
            #expect(try service.budget()["mode"] == "enforce")
            expect(
                try await service.post("/mode", enforce, authorization: bearer), 200,
                #"{"success":true,"mode":"enforce","previous":"enforce","changed":false,"applied":true}"#)
            expect(
                try await service.post("/mode", #"{"mode":"shadow"}"#, authorization: bearer), 200,
                #"{"success":true,"mode":"shadow","previous":"enforce","changed":true,"applied":true}"#)
            #expect(try service.budget()["mode"] == "shadow")
            let events = try service.redis.entries("quantum:stream:governor.events")
            #expect(
                events.map {
                    "\($0["event"] ?? "") \($0["from"] ?? "")>\($0["to"] ?? "") \($0["remote"] ?? "") \($0["origin"] ?? "")"
                } == [
                    "P28_MODE_CHANGE shadow>enforce 127.0.0.1 request",
                    "P28_MODE_CHANGE enforce>shadow 127.0.0.1 request",
                ])
            let metrics = try await service.get("/metrics").body
            #expect(metricValue("p28_mode_changes_total", in: metrics) == "2")
            #expect(metricValue("p28_mode_unauthorized_total", in: metrics) == "3")
        }
    }

    @Test("leave the mode alone where it cannot be put on the audit trail, or no token is set")
    func modeRefused() async throws {
        try await with { service in
            try service.redis.command("SET", "quantum:stream:governor.events", "no stream")
            let answer = try await service.post(
                "/mode", #"{"mode":"enforce"}"#, authorization: "Bearer \(ServiceFixture.token)")
            #expect(answer.status == 503)
            #expect(answer.body.contains("WRONGTYPE"))
            #expect(try service.redis.hash("quantum:portfolio:mode").isEmpty)
            #expect(try await service.get("/health").body.contains(#""mode":"shadow""#))
        }
        try await with(["P28_ADMIN_TOKEN": ""]) { service in
            expect(
                try await service.post("/mode", #"{"mode":"enforce"}"#, authorization: "Bearer "), 403,
                #"{"detail":"Changes of mode are disabled (P28_ADMIN_TOKEN is not set)"}"#)
        }
    }
}
