/// A gate: one rule that judges every intent.
///
/// `evaluate` is a pure function of its arguments: no I/O, no clock, no randomness, no state kept between calls. The
/// time is ``Inputs/now``. The host may call it again about the same intent: after a call that passed the gate's
/// `deadline` (5 ms by default), after a commit whose bounds did not hold any more, after a refused transaction, and
/// after a crash. A changed record alone gives no new call. A gate that is late twice has failed. The circuit breaker
/// counts every call.
public protocol Gate: Sendable {
    associatedtype Settings: GateSettings
    associatedtype Reason: ReasonCode

    /// The gate's name in configuration, records and metrics: lower-case words joined by `-`.
    static var name: String { get }
    /// One sentence for `gatehost gates`.
    static var summary: String { get }
    /// The kinds of records the gate may read.
    static var records: [any StateRecord.Type] { get }
    /// The accounts of the ledger that this gate judges by. The host reads them for every intent; the gate may claim
    /// from no others. By default none.
    var accounts: [any StateRecord.Type] { get }
    /// The switches that take live permits back while this gate is enforced. By default none.
    var revoking: [any RevokingRecord.Type] { get }
    /// An environment variable that overrides the gate's mode, such as `P28_MODE`. By default none.
    static var modeVariable: String? { get }

    /// Throws ``SettingsError`` if settings contradict each other.
    init(settings: Settings) throws

    /// Requests the records that judging this intent needs. By default all of ``records``, for the intent's symbol.
    func request(for intent: Intent, _ inputs: inout InputRequest)

    /// Judges the intent.
    ///
    /// An ``InputFailure`` thrown from here is an abstention with its reason. Any other error is recorded as
    /// `gate_error`. Either way this gate alone fails open, or closed if the deployment says `on_failure: deny`.
    ///
    /// - Parameter evidence: empty at first. Observed values and limits added here go into the decision record with
    ///   every verdict.
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason>

    /// Never implement this: the default compiles the host's call of ``evaluate(_:_:_:)`` in the gate's own module.
    func makeEvaluator() -> GateEvaluator
}

extension Gate {
    public static var modeVariable: String? { nil }
    public var accounts: [any StateRecord.Type] { [] }
    public var revoking: [any RevokingRecord.Type] { [] }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        for record in Self.records { inputs.add(record, for: intent) }
    }
}
