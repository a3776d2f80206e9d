package import GateAPI

/// The limits on a gate's failures before the host stops asking the gate.
package struct ContainmentConfiguration: GateSettings {
    @Setting(
        "Longest that all gates together may take for one intent; the rest is not asked",
        in: .milliseconds(1) ... .seconds(60), default: .milliseconds(500))
    package var decisionDeadline: Duration

    @Setting(
        "Failures within breaker_window that open a gate's breaker: it is not asked, and fails by its on_failure",
        in: 1...64, default: 5)
    package var breakerFailures: Int
    @Setting("Window in which breaker_failures are counted", in: .seconds(1) ... .seconds(3_600), default: .seconds(60))
    package var breakerWindow: Duration
    @Setting(
        """
        Least share of failures among the calls since the first of them; keeps a few odd intents from switching off \
        a gate for all
        """,
        unit: "ratio", in: 0...1,
        default: Amount(percent: 10))
    package var breakerShare: Amount
    @Setting(
        "How long a gate is not asked before it is tried again", in: .milliseconds(10) ... .seconds(3_600),
        default: .seconds(30))
    package var breakerPause: Duration
    @Setting(
        "Intents that must go well, one at a time, before a gate is asked about all again", in: 1...100, default: 3)
    package var breakerProbes: Int

    @Setting(
        "Crashes and hangs of one gate within crash_window after which it is not asked until a person resets it",
        in: 1...8, default: 3)
    package var crashLimit: Int
    @Setting(
        "Window in which the crashes and hangs of crash_limit are counted", in: .seconds(1) ... .seconds(604_800),
        default: .seconds(3_600))
    package var crashWindow: Duration
    @Setting(
        """
        File that remembers crashes beyond the life of this service; none: they are remembered as long as `gatehost \
        run` lives
        """,
        default: nil)
    package var journal: String?

    @Setting(
        "Deliveries of an entry without a decision after which it goes to the dead letters", in: 3...1_000, default: 10)
    package var maxDeliveries: Int

    @Setting(
        "Time over which a gate's alarm_share and alarm_count are measured", in: .seconds(1) ... .seconds(3_600),
        default: .seconds(60))
    package var alarmWindow: Duration
    @Setting("Fewest intents in that time for a share to count", in: 1...1_000_000, default: 20)
    package var alarmMinimum: Int

    package init() {}
}

/// The share of one gate's calls that may fail open, and the reaction beyond it.
package struct FailOpenAlarm: Sendable, Equatable {
    package let share: Amount
    package let count: Int?
    package let action: AlarmAction

    package init(share: Amount, count: Int? = nil, action: AlarmAction = .alert) {
        self.share = share
        self.count = count
        self.action = action
    }
}

package enum AlarmAction: String, CaseIterable, Sendable, SettingValue {
    /// A metric, a log line, a word in the readiness answer.
    case alert
    /// The same, and the gate fails closed while the alarm lasts.
    case deny
}
