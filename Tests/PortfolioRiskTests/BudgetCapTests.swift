import GateAPI
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The cap on the sum of budgets")
struct BudgetCapTests {
    private let cap = BudgetCap(multiple: 1)

    @Test("leaves budgets alone that fit, and shares itself out in proportion to the others")
    func proportional() {
        #expect(cap.share([10, 20, 30], equity: 60, reserved: 0) == [10, 20, 30])
        #expect(cap.share([10, 20, 30], equity: 30, reserved: 0) == [5, 10, 15])
        #expect(cap.share([10, 20, 30], equity: 60, reserved: 30) == [5, 10, 15])
        #expect(cap.share([10, 20, 30], equity: 60, reserved: 70) == [0, 0, 0])
        #expect(BudgetCap(multiple: 2).share([10, 20, 30], equity: 15, reserved: 0) == [5, 10, 15])
        #expect(BudgetCap(multiple: 0).share([10, 20, 30], equity: 1, reserved: 99) == [10, 20, 30])
        #expect(cap.share([], equity: 1, reserved: 0) == [])
        #expect(cap.share([0, 0], equity: -5, reserved: 0) == [0, 0])
    }

    @Test("is never exceeded by rounding, and wastes less than one unit a budget")
    func rounding() throws {
        var random = SeededGenerator(seed: 15)
        for _ in 0..<500 {
            let budgets = (0..<Int.random(in: 1...300, using: &random)).map { _ in
                Amount(units: Int64.random(in: 0...1_000_000_000_000, using: &random), decimals: 8)
            }
            let equity = Amount(units: Int64.random(in: 1...20_000_000_000_000, using: &random), decimals: 8)
            let shares = cap.share(budgets, equity: equity, reserved: .zero)
            let (sum, wanted) = (BudgetCap.sum(shares), BudgetCap.sum(budgets))
            #expect(sum <= equity && sum <= wanted)
            #expect(zip(shares, budgets).allSatisfy { $0 <= $1 && !$0.isNegative })
            let most = min(equity, wanted)
            #expect(try most - sum < Amount(units: Int64(budgets.count) + 1, decimals: 8))
        }
    }

    @Test("gives budgets of eight decimals, below a limit of more")
    func decimals() throws {
        let equity = try Amount("1.99999999999999999999")
        #expect(cap.limit(equity: equity) == (try Amount("1.99999999")))
        let shares = cap.share([1, 1, 1], equity: equity, reserved: .zero)
        #expect(shares == Array(repeating: try Amount("0.66666666"), count: 3))
        let sliver = try Amount("0.00000000000000000001")
        #expect(cap.share([1, 1], equity: 1, reserved: sliver)[0] == (try Amount("0.49999999")))
    }

    @Test("survives the largest numbers")
    func extremes() {
        let shares = cap.share([.max, .max, 1], equity: 100, reserved: .zero)
        #expect(shares.allSatisfy { !$0.isNegative && $0 <= 100 })
        #expect(BudgetCap(multiple: 1_000).limit(equity: .max) == Amount.max.rounded(toDecimals: 8, .towardZero))
    }

    @Test("counts the budgets that live on although their symbols are gone")
    func live() async throws {
        let fixture = try EngineFixture(settings: try settings(["P28_BUDGET_SUM_CAP": "0.02"]))
        try fixture.publishState()
        try fixture.publishPosition("AUSDT", "0.001")
        try await fixture.engine.cycle(heat: .positions)
        let old = try Amount(fixture.budget("AUSDT")["budget_usd"] ?? "")
        try fixture.redis.command("DEL", "quantum:position:snapshot:AUSDT")
        try fixture.publishPosition("BUSDT", "0.001")
        fixture.clock.advance(10)
        try fixture.publishState()
        try await fixture.engine.cycle(heat: .positions)
        let new = try fixture.budget("BUSDT")
        #expect(try old + Amount(new["budget_usd"] ?? "") <= 2_000)
        #expect(new["capped"] == "sum")
        #expect(fixture.metric("p28_budget_cap_binding") == "1")
        #expect(fixture.metric("p28_budget_cap_usd") == "2000")
        fixture.clock.advance(300)
        try fixture.publishState()
        try fixture.publishPosition("BUSDT", "0.001")
        try await fixture.engine.cycle(heat: .positions)
        #expect(try fixture.budget("BUSDT")["capped"] == "none")
        #expect(fixture.metric("p28_budget_cap_binding") == "0")
        #expect(fixture.metric("p28_gross_exposure_usd") == "0.1")
    }
}
