public import GateAPI
import JSONText

/// An event of `quantum:stream:budget.violation`: a plan that would take its symbol over budget.
public struct BudgetViolation: StreamEvent, Equatable {
    public static let stream = "quantum:stream:budget.violation"
    public static let maximumLength = 1_000

    public let symbol: Symbol
    public let planID: String
    /// What would be held after the plan, in USD.
    public let positionNotional: Amount
    public let budget: Amount
    public let overBudget: Amount
    public let timestamp: Timestamp

    public init(symbol: Symbol, planID: String, positionNotional: Amount, budget: Amount, overBudget: Amount, timestamp: Timestamp) {
        self.symbol = symbol
        self.planID = planID
        self.positionNotional = positionNotional
        self.budget = budget
        self.overBudget = overBudget
        self.timestamp = timestamp
    }

    /// The contract's seven members, then the plan's id.
    public func fields(enforced: Bool) -> [(name: String, value: String)] {
        var json = JSONObject(spaced: true)
        json.add("event_type", "budget.violation")
        json.add("symbol", symbol.name)
        json.add("position_notional", number: positionNotional.description)
        json.add("budget_usd", number: budget.description)
        json.add("over_budget", number: overBudget.description)
        json.add("mode", enforced ? "enforce" : "shadow")
        json.add("timestamp", number: String(timestamp.milliseconds / 1_000))
        json.add("plan_id", planID)
        return [("json", json.text)]
    }
}
