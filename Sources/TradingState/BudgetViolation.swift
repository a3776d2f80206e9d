import Bytes
public import GateAPI
import JSONText

/// An event of `quantum:stream:budget.violation`: a plan would take its symbol over budget.
public struct BudgetViolation: StreamEvent, Equatable {
    public static let stream = "quantum:stream:budget.violation"
    public static let maximumLength = 1_000

    public let symbol: Symbol
    public let planID: String
    /// The notional of the position after the plan, in USD.
    public let positionNotional: Amount
    public let budget: Amount
    public let overBudget: Amount
    public let timestamp: Timestamp

    public init(
        symbol: Symbol, planID: String, positionNotional: Amount, budget: Amount, overBudget: Amount,
        timestamp: Timestamp
    ) {
        self.symbol = symbol
        self.planID = planID
        self.positionNotional = positionNotional
        self.budget = budget
        self.overBudget = overBudget
        self.timestamp = timestamp
    }

    /// The contract's seven members, then the plan's id.
    public func fields(enforced: Bool) -> [(name: String, value: String)] {
        var json = ByteWriter(capacity: 320)
        json.append("{\"event_type\": \"budget.violation\", \"symbol\": ")
        JSON.write(string: symbol.name, to: &json, asciiOnly: true)
        json.append(", \"position_notional\": ")
        json.append(positionNotional)
        json.append(", \"budget_usd\": ")
        json.append(budget)
        json.append(", \"over_budget\": ")
        json.append(overBudget)
        json.append(enforced ? ", \"mode\": \"enforce\", \"timestamp\": " : ", \"mode\": \"shadow\", \"timestamp\": ")
        json.append(decimal: Int(timestamp.milliseconds / 1_000))
        json.append(", \"plan_id\": ")
        JSON.write(string: planID, to: &json, asciiOnly: true)
        json.append("}")
        return [("json", String(decoding: json.bytes, as: UTF8.self))]
    }
}
