import GateAPI

/// What the budgets are while the portfolio has no positive equity.
package enum NoEquityPolicy: String, SettingValue, CaseIterable {
    /// Zero: nothing may be opened.
    case zero
    /// No budget is written. Gates fail open once the last ones are too old.
    case none
}

/// Whose defaults apply to settings that are not set.
package enum Compatibility: String, SettingValue, CaseIterable {
    case current
    /// Those that make the service behave as the one that it replaces.
    case original

    /// The defaults that differ, by variable.
    var defaults: [String: String] {
        switch self {
        case .current: [:]
        case .original: ["P28_BUDGET_SUM_CAP": "0", "P28_EQUITY_JUMP": "0", "P28_ON_NO_EQUITY": "none"]
        }
    }

    init(environment: [String: String]) {
        self = environment["P28_COMPATIBILITY"].flatMap(Self.init(rawValue:)) ?? .current
    }
}
