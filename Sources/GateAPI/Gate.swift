/// A gate: one rule that judges every intent, in its own module, knowing nothing of Redis connections, configuration
/// files or threads.
///
/// `evaluate` must be a pure function of its arguments: no I/O, no clock, no randomness, no state kept between calls.
/// The time is ``Inputs/now``. It may be asked twice about one intent: a call that has taken longer than the gate's
/// `deadline` (5 ms unless the deployment says otherwise) is made once more, and a gate that is late again has failed;
/// and where a record changes while the intent is judged, it is judged anew. Breakers count calls.
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

    /// Judges the intent. An ``InputFailure`` thrown from here is an abstention with its reason; any other error is
    /// recorded as `gate_error`. Either way this gate alone fails open (or closed, where its `on_failure` says so).
    ///
    /// - Parameter evidence: empty at first; what the gate adds, observed values and limits, goes into the decision
    ///   record whatever the verdict.
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason>

    /// How the host asks: ``evaluate(_:_:_:)`` without the gate's own types. There is no need to implement it.
    func judge() -> Judge
}

/// Judges an intent into a finding, and tells whether that is a pass that asks for nothing, as nearly all are.
public typealias Judge = @Sendable (_ intent: Intent, _ inputs: Inputs, _ finding: inout Finding) -> Bool

extension Gate {
    public static var modeVariable: String? { nil }

    // Inlinable, so that it is compiled for each gate where the gate is, and asking a gate is one indirect call and no
    // more.
    @inlinable
    public func judge() -> Judge {
        { intent, inputs, finding in judge(intent, inputs, into: &finding) }
    }

    @inlinable
    func judge(_ intent: Intent, _ inputs: Inputs, into finding: inout Finding) -> Bool {
        do {
            finding.begin()
            switch try evaluate(intent, inputs, &finding.evidence) {
            case .pass(nil):
                finding.pass()
                return true
            case .pass(let reservation): finding.pass(reservation)
            case .block(let reason, let advisory, let effects, let reservation):
                finding.block(reason.rawValue, advisory: advisory, effects, reservation)
            case .amend(let amendment, let reason, let advisory):
                finding.amend(amendment, reason.rawValue, advisory: advisory)
            case .abstain(let reason): finding.abstain(reason)
            }
        } catch {
            finding.fail(error)
        }
        return false
    }

    public func request(for intent: Intent, _ inputs: inout InputRequest) {
        for record in Self.records { inputs.add(record, intent.symbol) }
    }
}
