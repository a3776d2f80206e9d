import GateAPI

/// What the budgets are for. Gate 0 enforces a budget only where both it and the budget say so.
package enum RiskMode: String, SettingValue, CaseIterable {
    case shadow
    case enforce
}
