public import GateAPI

/// The price of an order if both the plan and the position have one.
public enum Valuation: String, SettingValue, CaseIterable {
    /// The plan's own price.
    case plan
    /// The higher of the plan's price and the mark price: a plan cannot understate its notional.
    case higher
}

extension Intent {
    /// The price to value the intent at, `nil` if neither the plan nor the position has one.
    public func price(_ valuation: Valuation, mark: Amount?) -> Amount? {
        guard let own = price.value, let mark else { return price.value ?? mark }
        return switch valuation {
        case .plan: own
        case .higher: max(own, mark)
        }
    }
}
