import GateAPI

extension Intent {
    /// Whether the plan says of itself that it opens. Gates that keep positions small judge only those.
    var opens: Bool { !action.isClose && reduceOnly.value != true }
}
