/// Why a gate failed, or was not called at all. Raw values are wire codes.
package enum GateFailure: String, Sendable, CaseIterable {
    /// The gate threw an error other than an ``InputFailure``, or read a record that it did not request.
    case error = "gate_error"
    /// The gate's amendment asks for more than the intent does.
    case badAmendment = "gate_bad_amendment"
    /// The gate passed its deadline, or never returned.
    case deadline = "gate_deadline"
    /// The process died while the gate judged this intent.
    case crash = "gate_crash"
    /// Not called: the gate has failed too often and its circuit breaker is open.
    case breakerOpen = "breaker_open"
    /// Not called: the gates before it have used up the intent's time.
    case decisionDeadline = "decision_deadline"
}
