import GateAPI

/// The file's keys outside of any section.
struct RootSection: GateSettings {
    @Setting("Gate that must come first in the pipeline; any other order is refused", default: "p28-budget")
    var firstGate: String

    init() {}

    static let sections = ["redis", "intake", "plans", "answers", "containment", "admin", "log", "gates"]
}

/// One entry of `gates`, without its settings. `gate` and `mode` must be given: whether a gate enforces is never left
/// to a default.
struct GateEntry: GateSettings {
    @Setting("Name of the gate; the order of the entries is the order of evaluation", default: "")
    var gate: String
    @Setting(
        "shadow: verdicts are recorded, nothing changes; enforce: they count; off: not evaluated", default: .shadow)
    var mode: GateMode
    @Setting("Outcome for an intent when the gate fails or lacks its data", default: .allow)
    var onFailure: FailurePolicy
    @Setting(
        "Longest that the gate may take for one intent; beyond it the gate has failed",
        in: .microseconds(100) ... .seconds(10), default: .milliseconds(5))
    var deadline: Duration
    @Setting(
        "Least share of unjudged intents that raises the alarm; above 1: never", unit: "ratio",
        in: 0...2,
        default: Amount(percent: 50))
    var alarmShare: Amount
    @Setting(
        "Number of unjudged intents that raises the alarm; none: only the share counts", .positive, default: nil)
    var alarmCount: Int?
    @Setting("alert: the alarm is told; deny: the gate also fails closed while it lasts", default: .alert)
    var onAlarm: AlarmAction

    init() {}

    static let required: Set = ["gate", "mode"]
    static let nested = ["settings"]
}
