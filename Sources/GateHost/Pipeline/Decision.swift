package import GateAPI
package import TradingState

/// What became of one stream entry. Raw values go on the wire.
package enum Outcome: String, Sendable, CaseIterable {
    case permit
    case block
    /// Not to be executed: nothing was judged.
    case skip
    /// The plan id already has its outcome.
    case duplicate
    case deadLetter = "dead_letter"
}

/// The decision on one entry, before it is committed. The commit may still find that the plan id has had its outcome.
package struct Decision: Sendable {
    package let id: EntryID
    package let outcome: Outcome
    package let planID: String
    package let symbol: String
    /// The gate that decided; empty where no gate did.
    package let gate: String
    /// The reason code of the outcome.
    package let reason: String
    /// Every gate's result, in pipeline order.
    package var results: [GateResult] = []
    /// The intent as published; `nil` for entries that are none.
    package var intent: Intent?
    package var permit: Permit?
    package var events: [PendingEvent] = []
    /// What a permit takes of limits. A block takes nothing, but is valid only if nobody reserved since it was judged.
    package var reservations: [PendingReservation] = []
    /// The entry as it was read.
    package let fields: Fields

    package init(id: EntryID, outcome: Outcome, planID: String = "", symbol: String = "", gate: String = "", reason: String, fields: Fields) {
        self.id = id
        self.outcome = outcome
        self.planID = planID
        self.symbol = symbol
        self.gate = gate
        self.reason = reason
        self.fields = fields
    }
}

/// An event to be committed with its decision.
package struct PendingEvent: Sendable {
    package let event: any StreamEvent
    package let enforced: Bool

    package init(event: any StreamEvent, enforced: Bool) {
        self.event = event
        self.enforced = enforced
    }
}

/// A reservation to be committed with its permit, provided that nobody reserved since its record was read.
package struct PendingReservation: Sendable {
    package let reservation: Reservation
    /// The entry that had reserved last when the gate judged.
    package let expectedLast: String
}

/// One gate's say in a decision.
package struct GateResult: Sendable {
    package let gate: String
    package let mode: GateMode
    package let verdict: VerdictKind
    package let effect: GateEffect
    /// The gate's own reason, an ``AbstainReason`` or a ``GateFailure``; empty for a pass.
    package let reason: String
    package let evidence: Evidence
    /// For a failed gate: what it threw.
    package let detail: String?
    package var duration: Duration
}

package enum VerdictKind: String, Sendable, CaseIterable {
    case pass, block, amend, abstain
    case failed
}

/// What a gate's verdict came to under its mode and failure policy.
package enum GateEffect: String, Sendable, CaseIterable {
    case none
    case blocked
    case wouldBlock = "would_block"
    case amended
    case wouldAmend = "would_amend"
    /// The gate could not judge, and the intent passed it.
    case failedOpen = "failed_open"
    /// The gate could not judge, and its policy `deny` blocked the intent.
    case failedClosed = "failed_closed"
    case wouldFailClosed = "would_fail_closed"

    package var blocks: Bool { self == .blocked || self == .failedClosed }
    package var wouldBlock: Bool { self == .wouldBlock || self == .wouldFailClosed }
}

/// Why a gate failed, apart from its inputs. Raw values go on the wire.
package enum GateFailure: String, Sendable, CaseIterable {
    case error = "gate_error"
    /// The gate asked for more than the intent did.
    case badAmendment = "gate_bad_amendment"
}
