/// A gate: one rule that judges every intent, in its own module, knowing nothing of Redis connections, configuration files or threads.
///
/// `evaluate` must be a pure function of its arguments: no I/O, no clock, no randomness, no state kept between calls. The time is ``Inputs/now``.
public protocol Gate: Sendable {
    associatedtype Settings: GateSettings
    associatedtype Reason: ReasonCode

    /// The gate's name in configuration, records and metrics: lower-case words joined by `-`.
    static var name: String { get }
    /// One sentence for `gatehost gates`.
    static var summary: String { get }
    /// The kinds of records the gate may read.
    static var records: [any StateRecord.Type] { get }
    /// An environment variable that overrides the gate's mode, such as `P28_MODE`.
    static var modeVariable: String? { get }

    /// Throws ``SettingsError`` where settings contradict each other.
    init(settings: Settings) throws

    /// Requests the records that judging this intent needs. By default all of ``records``, for the intent's symbol.
    func request(for intent: Intent, _ inputs: inout InputRequest)

    /// Judges the intent. An ``InputFailure`` thrown from here is an abstention with its reason; any other error is recorded as `gate_error`.
    /// Either way this gate alone fails open (or closed, where its `on_failure` says so).
    func evaluate(_ intent: Intent, _ inputs: Inputs) throws -> Verdict<Reason>
}

extension Gate {
    public static var modeVariable: String? { nil }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        for record in Self.records { inputs.add(record, intent.symbol) }
    }
}
