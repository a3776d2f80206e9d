package import GateAPI

/// A gate's verdict without its type: what the pipeline works with.
package struct Finding: Sendable {
    package let kind: VerdictKind
    package var reason = ""
    package var evidence: Evidence = [:]
    package var amendment: Amendment?
    package var advisory = false
    package var effects: [any StreamEvent] = []
    package var reservations: [Reservation] = []
    package var detail: String?
}

/// A configured gate with its typed calls erased once, at start.
package struct GateSlot: Sendable {
    package let name: String
    package let mode: GateMode
    package let onFailure: FailurePolicy
    private let requesting: @Sendable (Intent, inout InputRequest) -> Void
    private let evaluating: @Sendable (Intent, Inputs) -> Finding

    package init(_ configured: ConfiguredGate) {
        self.init(configured.gate, name: configured.name, mode: configured.mode, onFailure: configured.onFailure)
    }

    private init(_ gate: some Gate, name: String, mode: GateMode, onFailure: FailurePolicy) {
        self.name = name
        self.mode = mode
        self.onFailure = onFailure
        requesting = { gate.request(for: $0, &$1) }
        evaluating = { intent, inputs in
            do {
                return Self.finding(try gate.evaluate(intent, inputs))
            } catch let failure as InputFailure {
                guard let reason = failure.reason else {
                    return Finding(kind: .failed, reason: GateFailure.error.rawValue, detail: "reads a record that it did not request")
                }
                return Finding(kind: .abstain, reason: reason.rawValue, evidence: failure.evidence, detail: failure.detail)
            } catch {
                return Finding(kind: .failed, reason: GateFailure.error.rawValue, detail: String(String(describing: error).prefix(200)))
            }
        }
    }

    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        requesting(intent, &inputs)
    }

    package func evaluate(_ intent: Intent, _ inputs: Inputs) -> Finding {
        evaluating(intent, inputs)
    }

    private static func finding<Reason: ReasonCode>(_ verdict: Verdict<Reason>) -> Finding {
        switch verdict {
        case .pass(let evidence, let reservations):
            Finding(kind: .pass, evidence: evidence, reservations: reservations)
        case .block(let reason, let evidence, let advisory, let effects, let reservations):
            Finding(
                kind: .block, reason: reason.rawValue, evidence: evidence, advisory: advisory, effects: effects, reservations: reservations)
        case .amend(let amendment, let reason, let evidence, let advisory):
            Finding(kind: .amend, reason: reason.rawValue, evidence: evidence, amendment: amendment, advisory: advisory)
        case .abstain(let reason, let evidence):
            Finding(kind: .abstain, reason: reason.rawValue, evidence: evidence)
        }
    }
}

extension InputFailure {
    /// The numbers behind the failure.
    fileprivate var evidence: Evidence {
        switch self {
        case .stale(let age, let limit): ["age_sec": age.seconds, "limit_sec": limit.seconds]
        case .futureDated(let ahead): ["ahead_sec": ahead.seconds]
        case .missing, .malformed, .nonFinite, .unavailable, .notRequested: [:]
        }
    }

    fileprivate var detail: String? {
        switch self {
        case .malformed(let field), .nonFinite(let field): field
        case .unavailable(let detail): detail
        case .missing, .stale, .futureDated, .notRequested: nil
        }
    }
}
