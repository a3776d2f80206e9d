package import GateAPI

/// Whether a gate's verdicts count.
package enum GateMode: String, CaseIterable, Sendable, SettingValue {
    /// Evaluated and recorded; changes no outcome.
    case shadow
    case enforce
    /// Not evaluated.
    case off
}

/// The verdict that counts for a gate that cannot judge.
package enum FailurePolicy: String, CaseIterable, Sendable, SettingValue {
    /// Fails open: the gate lets the intent pass.
    case allow
    /// Fails closed: the gate blocks the intent.
    case deny
}

/// A gate as this deployment runs it.
package struct ConfiguredGate: Sendable {
    package let gate: any Gate
    package let name: String
    package let mode: GateMode
    package let onFailure: FailurePolicy
    package let deadline: Duration
    package let alarm: FailOpenAlarm
    /// The gate's own settings, in the order of their declaration.
    package let settings: [EffectiveValue]

    package init(
        gate: any Gate, name: String, mode: GateMode, onFailure: FailurePolicy, deadline: Duration = .milliseconds(5),
        alarm: FailOpenAlarm = FailOpenAlarm(share: 2), settings: [EffectiveValue] = []
    ) {
        self.gate = gate
        self.name = name
        self.mode = mode
        self.onFailure = onFailure
        self.deadline = deadline
        self.alarm = alarm
        self.settings = settings
    }
}
