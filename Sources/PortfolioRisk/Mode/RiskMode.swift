import GateAPI

/// The mode of the budgets. Gate 0 enforces a budget only if both the budget and the gate are in enforce.
package enum RiskMode: String, SettingValue, CaseIterable {
    case shadow
    case enforce
}
