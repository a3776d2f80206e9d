import GateAPI

extension Intent {
    /// Whether the plan opens by its own account. Gates that limit positions judge only these.
    var opens: Bool { !action.isClose && reduceOnly.value != true }
}
