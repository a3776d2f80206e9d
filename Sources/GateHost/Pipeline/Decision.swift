package import Deployment
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
    package let symbol: String
    /// The gate that decided; empty where no gate did.
    package let gate: String
    /// The reason code of the outcome.
    package let reason: String
    /// Every gate's result, in pipeline order; none where nothing was judged.
    package var results: [GateResult]
    package let permit: Permit?
    package var events: [PendingEvent]
    /// What a permit takes of limits. A block takes nothing, but is valid only if nobody reserved since it was judged.
    package var reservations: [PendingReservation]
    /// Whether the gates were asked.
    package let isJudged: Bool
    /// What a dead letter tells besides its entry: names and values.
    package private(set) var history: [String] = []
    /// The entry as it was read; `nil` where its body is gone.
    package let entry: StreamEntry?

    /// Of an intent that the gates were asked about.
    init(
        judged entry: StreamEntry, _ outcome: Outcome, symbol: String, gate: String, reason: String,
        results: consuming [GateResult], permit: Permit?,
        events: [PendingEvent], reservations: [PendingReservation]
    ) {
        id = entry.id
        self.outcome = outcome
        self.symbol = symbol
        self.gate = gate
        self.reason = reason
        self.results = results
        self.permit = permit
        self.events = events
        self.reservations = reservations
        isJudged = true
        self.entry = entry
    }

    /// Without asking any gate. There is no entry where its body is gone from the stream.
    init(_ entry: StreamEntry?, id: EntryID, _ outcome: Outcome, symbol: String = "", reason: String) {
        self.id = id
        self.outcome = outcome
        self.symbol = symbol
        gate = ""
        self.reason = reason
        results = []
        permit = nil
        events = []
        reservations = []
        isJudged = false
        self.entry = entry
    }

    /// Of an entry that was delivered again and again, and ended every process that took it.
    init(poison entry: StreamEntry, deliveries: Int, failures: String) {
        self.init(entry, id: entry.id, .deadLetter, reason: "too_many_deliveries")
        history = ["_deliveries", String(deliveries), "_failures", failures]
    }

    /// For an entry whose body is gone from the stream.
    init(gone id: EntryID) {
        self.init(nil, id: id, .deadLetter, reason: "entry_trimmed")
    }

    package var planID: String { entry.map { $0.fields.text($0.planID) } ?? "" }
    /// The intent that was judged, as published.
    package var intent: Intent? { isJudged ? entry?.parsed.intent : nil }
}

/// An event to be committed with its decision, as it goes on its stream. Rendered while its gate is being asked, for it
/// is the gate's code that does it.
package struct PendingEvent: Sendable {
    package let stream: String
    package let maximumLength: Int
    /// Names and values.
    package let values: [String]

    package init(event: any StreamEvent, enforced: Bool) {
        stream = type(of: event).stream
        maximumLength = type(of: event).maximumLength
        values = event.fields(enforced: enforced).flatMap { [$0.name, $0.value] }
    }
}

/// A reservation to be committed with its permit, provided that nobody reserved since its record was read.
package struct PendingReservation: Sendable {
    package let reservation: Reservation
    /// The order's quantity that it was made for.
    let quantity: Amount?
    /// The entry that had reserved last when the gate judged.
    package let expectedLast: String

    /// Where a later gate shrank the order, its reservation shrinks with it, never below what is left.
    func scaled(to final: Amount?) -> PendingReservation {
        guard let quantity, let final, final < quantity,
            let part = try? reservation.amount.multiplied(by: final, rounding: .awayFromZero),
            let amount = try? part.divided(by: quantity, rounding: .awayFromZero)
        else { return self }
        return PendingReservation(
            reservation: reservation.scaled(to: amount), quantity: final, expectedLast: expectedLast)
    }
}

/// One gate's say in a decision.
package struct GateResult: Sendable {
    let slot: GateSlot
    package internal(set) var finding = Finding()
    package internal(set) var effect = GateEffect.none
    /// How long the gate took.
    package internal(set) var nanoseconds: UInt64 = 0

    package var gate: String { slot.name }
    package var mode: GateMode { slot.mode }
    package var verdict: VerdictKind { finding.kind }
    package var reason: String { finding.reason }
    package var evidence: Evidence { finding.evidence }
    package var detail: String? { finding.detail }
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
