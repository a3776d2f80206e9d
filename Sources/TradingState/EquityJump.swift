package import GateAPI

/// Tells a jump of the equity from a change that trading makes.
package enum EquityJump {
    /// Whether an equity differs from a reference by more than a share of the reference. Exact.
    /// - Parameter limit: a ratio, zero or more.
    package static func lies(between reference: Amount, and equity: Amount, beyond limit: Amount) -> Bool {
        guard let change = try? equity - reference else { return true }
        // Rounded toward zero: a change has no more decimals than the rounded limit.
        guard let allowed = try? reference.magnitude.multiplied(by: limit, rounding: .towardZero) else { return false }
        return change.magnitude > allowed
    }
}
