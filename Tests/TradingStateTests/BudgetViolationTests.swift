import GateAPI
import Testing
import TradingState

@Suite struct BudgetViolationTests {
    @Test(
        "a violation has the contract's seven members and the plan's id, in one field",
        arguments: [(true, "enforce"), (false, "shadow")])
    func members(enforced: Bool, mode: String) throws {
        let violation = BudgetViolation(
            symbol: try #require(Symbol("BTCUSDT")), planID: "3f9c1a7be2d04c58", positionNotional: 3_640, budget: 1_820,
            overBudget: 1_820,
            timestamp: Timestamp(milliseconds: 1_769_557_925_999))
        let fields = violation.fields(enforced: enforced)
        #expect(fields.map(\.name) == ["json"])
        #expect(
            fields.map(\.value) == [
                """
                {"event_type": "budget.violation", "symbol": "BTCUSDT", "position_notional": 3640, \
                "budget_usd": 1820, "over_budget": 1820, "mode": "\(mode)", "timestamp": 1769557925, \
                "plan_id": "3f9c1a7be2d04c58"}
                """
            ])
        #expect(BudgetViolation.stream == "quantum:stream:budget.violation")
        #expect(BudgetViolation.maximumLength == 1_000)
    }

    @Test("a plan id cannot break out of its string")
    func escapes() throws {
        let violation = BudgetViolation(
            symbol: try #require(Symbol("B")), planID: #"a","mode":"x\"#, positionNotional: 2, budget: 1, overBudget: 1,
            timestamp: Timestamp(seconds: 1))
        #expect(violation.fields(enforced: true).first?.value.hasSuffix(#""plan_id": "a\",\"mode\":\"x\\"}"#) == true)
    }
}
