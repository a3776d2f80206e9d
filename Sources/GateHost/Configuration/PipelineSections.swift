import GateAPI

/// What the file says outside of any section.
struct RootSection: GateSettings {
    @Setting("Gate that must come first in the pipeline; any other order is refused", default: "p28-budget")
    var firstGate: String

    init() {}

    static let sections = ["redis", "intake", "answers", "admin", "log", "gates"]
}

/// One entry of `gates`, without its settings. `gate` and `mode` must be given: whether a gate enforces is never left to a default.
struct GateEntry: GateSettings {
    @Setting("Name of the gate; the order of the entries is the order of evaluation", default: "")
    var gate: String
    @Setting("shadow: verdicts are recorded, nothing changes; enforce: they count; off: not evaluated", default: .shadow)
    var mode: GateMode
    @Setting("What happens to an intent when the gate itself fails or lacks its data", default: .allow)
    var onFailure: FailurePolicy

    init() {}

    static let required: Set = ["gate", "mode"]
    static let nested = ["settings"]
}
