/// A verdict without its gate's own types, as the host works with it.
///
/// The host reuses one verdict per gate and writes it in place, so a pass writes only a few words.
@usableFromInline
package struct GateVerdict: Sendable {
    package private(set) var kind = VerdictKind.pass
    @usableFromInline package internal(set) var evidence = Evidence()
    package private(set) var claims = Claims.none
    /// `nil` for a pass.
    private var particulars: Particulars?

    package init() {}

    /// The gate's own reason, an ``AbstainReason`` or a ``GateFailure``; empty for a pass.
    package var reason: String { particulars?.reason ?? "" }
    package var amendment: Amendment? { particulars?.amendment }
    /// The producer of the data is itself in shadow: the verdict is never enforced.
    package var advisory: Bool { particulars?.advisory ?? false }
    package var effects: [any StreamEvent] { particulars?.effects ?? [] }
    /// The text of an error, the field or message of a failed input, or what is wrong with the plan.
    package var detail: String? { particulars?.detail }

    /// The parts that only verdicts other than a pass have.
    private final class Particulars: Sendable {
        let reason: String
        let amendment: Amendment?
        let advisory: Bool
        let effects: [any StreamEvent]
        let detail: String?

        init(
            _ reason: String, amendment: Amendment? = nil, advisory: Bool = false, effects: [any StreamEvent] = [],
            detail: String? = nil
        ) {
            self.reason = reason
            self.amendment = amendment
            self.advisory = advisory
            self.effects = effects
            self.detail = detail
        }
    }

    @inlinable mutating func begin() {
        evidence.removeAll()
    }

    @usableFromInline mutating func pass() {
        kind = .pass
        if !claims.isEmpty { claims = .none }
        if particulars != nil { particulars = nil }
    }

    @usableFromInline mutating func pass(_ claims: Claims) {
        set(.pass, nil, claims)
    }

    @usableFromInline mutating func block(
        _ reason: String, advisory: Bool, _ effects: [any StreamEvent], _ claims: Claims
    ) {
        set(.block, Particulars(reason, advisory: advisory, effects: effects), claims)
    }

    @usableFromInline mutating func amend(
        _ amendment: Amendment, _ reason: String, advisory: Bool, _ effects: [any StreamEvent], _ claims: Claims
    ) {
        set(.amend, Particulars(reason, amendment: amendment, advisory: advisory, effects: effects), claims)
    }

    @usableFromInline mutating func abstain(_ reason: AbstainReason) {
        set(.abstain, Particulars(reason.rawValue))
    }

    /// An input failure is an abstention with its reason; any other error is the gate's own.
    @usableFromInline mutating func fail(_ error: any Error) {
        guard let failure = error as? InputFailure else {
            return fail(.error, detail: String(String(describing: error).prefix(200)))
        }
        guard let reason = failure.reason else { return fail(.error, detail: "reads a record that it did not request") }
        failure.add(to: &evidence)
        set(.abstain, Particulars(reason.rawValue, detail: failure.detail))
    }

    /// Replaces the gate's verdict by a failure.
    package mutating func fail(_ failure: GateFailure, detail: String? = nil) {
        set(.failed, Particulars(failure.rawValue, detail: detail))
    }

    /// The host did not call the gate.
    package mutating func refuse(_ failure: GateFailure, detail: String? = nil) {
        begin()
        fail(failure, detail: detail)
    }

    /// The host's own verdict on a plan that is unfit to be judged.
    package mutating func block(_ reason: String, _ fault: PlanFault) {
        begin()
        evidence.add("field", fault.field)
        set(.block, Particulars(reason, detail: "\(fault.field) \(fault.complaint)"))
    }

    private mutating func set(_ kind: VerdictKind, _ particulars: Particulars?, _ claims: Claims = .none) {
        self.kind = kind
        self.particulars = particulars
        self.claims = claims
    }
}

/// The kinds of verdict in decision records and metrics.
package enum VerdictKind: String, Sendable, CaseIterable {
    case pass, block, amend, abstain
    case failed
}

extension InputFailure {
    /// The numbers behind the failure.
    fileprivate func add(to evidence: inout Evidence) {
        switch self {
        case .stale(let age, let limit):
            evidence.add("age_sec", age.seconds)
            evidence.add("limit_sec", limit.seconds)
        case .futureDated(let ahead): evidence.add("ahead_sec", ahead.seconds)
        case .missing, .malformed, .nonFinite, .unavailable, .notRequested: break
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
