package import GateAPI
package import TradingState

/// The outcome of one stream entry. Raw values go on the wire.
package enum Outcome: String, Sendable, CaseIterable {
    case permit
    case block
    /// The plan is not to be executed, so no gate judged it.
    case skip
    /// The plan id already has its outcome.
    case duplicate
    case deadLetter = "dead_letter"
}

/// The decision on one entry, before its commit. The commit may still find that the plan id already has an outcome.
package struct Decision: Sendable {
    package let id: EntryID
    package let outcome: Outcome
    package let symbol: String
    /// The gate that decided; empty if no gate did.
    package let gate: String
    /// The reason code of the outcome.
    package let reason: String
    /// Every gate's result, in pipeline order; none if nothing was judged.
    package var results: [GateResult]
    package let permit: Permit?
    package var events: [PendingEvent]
    /// What a permit takes from accounts, and the bounds under which the decision stands. A block takes nothing.
    package var claims: [Claim]
    /// Whether the gates were asked.
    package let isJudged: Bool
    /// Whether its symbol has metrics of its own.
    package var hasKnownSymbol = false
    /// Whether the plan's symbol has no record at all, so that a gate could not judge it.
    package internal(set) var lacksEveryRecord = false
    /// Names and values that a dead letter carries beside its entry.
    package private(set) var history: [String] = []
    /// The entry as it was read; `nil` if its body is gone or was not read.
    package let entry: StreamEntry?
    /// The plan id of an entry that was not read.
    private var unreadPlanID = ""

    /// The decision on a plan that the gates judged: a block where there is no permit.
    init(
        judged entry: StreamEntry, by gate: String, reason: String, results: consuming [GateResult], permit: Permit?,
        events: [PendingEvent], claims: [Claim]
    ) {
        id = entry.id
        outcome = permit == nil ? .block : .permit
        symbol = entry.symbol?.name ?? ""
        self.gate = gate
        self.reason = reason
        self.results = results
        self.permit = permit
        self.events = events
        self.claims = claims
        isJudged = true
        self.entry = entry
    }

    /// A decision without any gate. `entry` is `nil` if its body is gone from the stream.
    init(_ entry: StreamEntry?, id: EntryID, _ outcome: Outcome, symbol: String = "", reason: String) {
        self.id = id
        self.outcome = outcome
        self.symbol = symbol
        gate = ""
        self.reason = reason
        results = []
        permit = nil
        events = []
        claims = []
        isJudged = false
        self.entry = entry
    }

    /// A dead letter for an entry that was delivered too often without a decision.
    init(poison entry: StreamEntry, deliveries: Int, failures: String) {
        self.init(entry, id: entry.id, .deadLetter, reason: DeadLetterReason.tooManyDeliveries)
        history = [DeadLetter.Field.deliveries, String(deliveries), DeadLetter.Field.failures, failures]
    }

    /// A dead letter for a plan that names another source than its stream is for.
    init(foreign entry: StreamEntry) {
        self.init(entry, id: entry.id, .deadLetter, symbol: entry.symbol?.name ?? "", reason: "foreign_source")
    }

    /// A dead letter for an entry whose body is gone from the stream.
    init(gone id: EntryID) {
        self.init(nil, id: id, .deadLetter, reason: DeadLetterReason.entryTrimmed)
    }

    /// A dead letter, by reference, for an entry that is too large to be read.
    init(oversized entry: OversizedEntry) {
        self.init(nil, id: entry.id, .deadLetter, reason: IntentRejection.tooLarge.rawValue)
        unreadPlanID = entry.planID
        history = entry.planID.isEmpty ? [] : [DeadLetter.Field.planID, entry.planID]
        history += [DeadLetter.Field.bytes, String(entry.bytes)]
    }

    /// A dead letter, by reference, for an entry whose reads were lost too often.
    init(unreadable id: EntryID, deliveries: Int) {
        self.init(nil, id: id, .deadLetter, reason: "too_many_deliveries")
        history = [DeadLetter.Field.deliveries, String(deliveries)]
    }

    package var planID: String { entry.map { $0.fields.text($0.planID) } ?? unreadPlanID }
    /// The intent that was judged, as published.
    package var intent: Intent? { isJudged ? entry?.parsed.intent : nil }
}
