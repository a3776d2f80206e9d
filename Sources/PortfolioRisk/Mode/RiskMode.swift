import GateAPI

/// The mode of the budgets. Gate 0 enforces a budget only if both the budget and the gate are in enforce.
package enum RiskMode: String, SettingValue, CaseIterable {
    case shadow
    case enforce
}

/// Which of two modes counts at a start: the one in Redis or `P28_MODE`.
package enum ModeAuthority: String, SettingValue, CaseIterable {
    /// The last deliberate act: a change at run time outlives restarts until `P28_MODE` has another value.
    case redis
    /// `P28_MODE`, for those who change the mode by a file and a restart. A change at run time lasts until the next
    /// start or takeover.
    case env
}
