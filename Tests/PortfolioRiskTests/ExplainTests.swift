import Foundation
import GateAPI
import Platform
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

@Suite("The explanation of a budget")
struct ExplainTests {
    private func explainer(_ settings: RiskSettings) -> BudgetExplainer {
        BudgetExplainer(computation: BudgetComputation(settings), heatURL: settings.heatURL)
    }

    private func cycle(_ environment: [String: String] = [:]) async throws -> (EngineFixture, [BudgetExplainer.Term]) {
        let settings = try settings(["SYMBOL_UNIVERSE": "AUSDT,BUSDT"].merging(environment) { $1 })
        let fixture = try EngineFixture(settings: settings)
        try fixture.publishState(secondsAgo: 3)
        try fixture.publishPosition("AUSDT", "0.5", mark: "20000")
        try fixture.redis.command("HSET", "quantum:state:market:AUSDT", "sigma", "0.025")
        try await fixture.engine.cycle(heat: .positions)
        let symbol = try #require(Symbol("AUSDT"))
        let outcome = try #require(fixture.board.outcome)
        return (fixture, try #require(explainer(settings).terms(of: symbol, outcome)))
    }

    @Test("names every term, with its value, input, source and age")
    func terms() async throws {
        let (fixture, terms) = try await cycle()
        let lines = terms.map {
            "\($0.name)=\($0.value) <- \($0.how) [\($0.source)] \($0.age?.seconds.description ?? "")"
        }
        #expect(
            lines == [
                "equity_usd=100000 <- fresh [quantum:state:portfolio] 3",
                "base_risk=0.02 <- setting [BASE_RISK_PCT] ",
                "stress_heat=0.001 <- 0.0025 × weight 0.4; risk 250 USD of 1 positions / equity "
                    + "[quantum:position:snapshot:*, quantum:state:positions:*] 0",
                "stress_cluster=0 <- 0 × weight 0.4; no record: counts as 0 [quantum:cluster:stress:default] ",
                "stress_volatility=0.134 <- 0.67 × weight 0.2; record without a time of its own "
                    + "[quantum:state:market:AUSDT] ",
                "stress=0.135 <- the sum of the three, within 0 and 1 [] ",
                "formula_usd=1730 <- equity × base risk × (1 − stress), rounded toward zero [] ",
                "bounded_usd=1730 <- at least 500, at most 10000 [MIN_BUDGET_K, MAX_BUDGET_K] ",
                "own_usd=1730 <- the equity does not cap it [CAP_AT_EQUITY] ",
                "budget_usd=1730 <- the sum of budgets, 3596 USD, is within 100000 [P28_BUDGET_SUM_CAP] ",
            ])
        #expect(try fixture.budget("AUSDT")["budget_usd"] == "1730")
    }

    @Test("shows the share of the cap on the sum, which is the budget that gates read")
    func shared() async throws {
        let (fixture, terms) = try await cycle(["P28_BUDGET_SUM_CAP": "0.02"])
        let last = try #require(terms.last)
        #expect(last.how == "× limit / sum: all budgets ask for 3596 USD and may have 2000, 0 of it reserved")
        #expect(try fixture.budget("AUSDT")["budget_usd"] == last.value)
        #expect(try fixture.budget("AUSDT")["capped"] == "sum")
    }

    @Test("says why a symbol has none")
    func absence() async throws {
        try await withService { service in
            let early = try await service.get("/explain/BTCUSDT")
            #expect([404, 503].contains(early.status))
            _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
            try await eventually("an explanation") { try await service.get("/explain/BTCUSDT").status == 200 }
            let other = try await service.get("/explain/OTHERUSDT")
            #expect(other.status == 404)
            #expect(other.body.contains("neither SYMBOL_UNIVERSE nor a recent plan names it"))
            #expect(try await service.post("/explain/BTCUSDT").status == 405)
        }
    }

    @Test("is printed by the command, as a table and as JSON")
    func command() async throws {
        try await withService { service in
            _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
            try await eventually("a budget") { try await service.get("/explain/BTCUSDT").status == 200 }
            let url = "http://127.0.0.1:\(service.port)"
            let table = try await Command(["explain", "btcusdt", "--url", url]).finish()
            #expect(table.status == 0)
            #expect(table.output.contains("budget_usd"))
            #expect(table.output.contains("[quantum:state:portfolio, "))
            let json = try await Command(["explain", "BTCUSDT", "--json", "--url", url]).finish()
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect((object?["terms"] as? [Any])?.count == 10)
            let other = try await Command(["explain", "OTHERUSDT", "--url", url]).finish()
            #expect(other.status == 1)
        }
    }

    @Test("row 13: an equity that is held back is in the overview and in health")
    func overview() async throws {
        try await withService { service in
            _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
            try await eventually("a cycle") { try await service.get("/overview").body.contains(#""symbols":1"#) }
            let calm = try await service.get("/overview")
            #expect(calm.body.contains(#""equity_held_back":null"#))
            #expect(calm.body.contains(#""budget_sum_usd":1868,"budget_cap_usd":100000,"budget_cap_binding":false"#))
            #expect(calm.body.contains(#""gross_exposure_usd":0,"gross_exposure_room_usd":100000"#))
            _ = try await service.post("/test/inject_portfolio_state?equity_usd=10000000")
            try await eventually("a held equity") {
                try await service.get("/health").body.contains(#""equity_held_back":{"equity_usd":10000000,"#)
            }
            #expect(try await service.get("/overview").body.contains(#""equity_held_back":{"equity_usd":10000000,"#))
            #expect(try service.budget()["budget_usd"] == "1868")
            let metrics = try await service.get("/metrics").body
            #expect(metricValue("p28_equity_held", in: metrics) == "1")
            #expect(metricValue("p28_equity_held_usd", in: metrics) == "10000000")
        }
    }
}
