package import GateAPI
import TradingState

/// The ordered gates as one pure function: (entry, inputs, now) to decision. No I/O and no randomness; the only clock is the stopwatch, which the caller
/// brings and which touches nothing but the recorded durations.
package struct Pipeline: Sendable {
    /// The gates that are not off, in file order.
    package let slots: [GateSlot]
    /// Intents older than this are not judged: whoever waited for an answer has given up, and a permit would only tie up a share of the limits.
    private let expireAfter: Duration?

    package init(gates: [ConfiguredGate], expireAfter: Duration? = nil) {
        self.expireAfter = expireAfter
        slots = gates.filter { $0.mode != .off }.map(GateSlot.init)
    }

    /// Requests every record that judging the intent needs.
    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        for slot in slots { slot.request(for: intent, &inputs) }
        Sizing.request(for: intent, &inputs)
    }

    package func decide(_ entry: StreamEntry, _ inputs: Inputs, stopwatch: some Stopwatch) -> Decision {
        switch entry.parsed {
        case .execute(let intent) where isExpired(entry, inputs.now):
            Decision(
                id: entry.id, outcome: .skip, planID: intent.planID, symbol: intent.symbol.name, reason: "intent_expired", fields: entry.fields)
        case .execute(let intent):
            judge(intent, inputs, stopwatch)
        case .skip(let planID, let symbol, _):
            Decision(id: entry.id, outcome: .skip, planID: planID, symbol: symbol, reason: "decision_not_execute", fields: entry.fields)
        case .rejected(let rejection):
            Decision(id: entry.id, outcome: .deadLetter, planID: "", reason: rejection.rawValue, fields: entry.fields)
        }
    }

    private func isExpired(_ entry: StreamEntry, _ now: Timestamp) -> Bool {
        guard let expireAfter else { return false }
        return now.since(Timestamp(milliseconds: Int64(clamping: entry.id.milliseconds))) > expireAfter
    }

    private func judge(_ published: Intent, _ inputs: Inputs, _ stopwatch: some Stopwatch) -> Decision {
        var intent = published
        var extraCooldown = Duration.zero
        var results: [GateResult] = []
        results.reserveCapacity(slots.count)
        var events: [PendingEvent] = []
        var reservations: [(reservation: Reservation, quantity: Amount?)] = []
        var blocking: Int?
        var amending: Int?

        for (index, slot) in slots.enumerated() {
            let start = stopwatch.now()
            var finding = slot.evaluate(intent, inputs)
            let duration = stopwatch.elapsed(since: start)
            if finding.reservations.contains(where: { inputs.lastReservation($0) == nil }) {
                // Nothing could guard it, so it must not be made.
                finding = Finding(kind: .failed, reason: GateFailure.error.rawValue, detail: "reserves on a record that it did not request or cannot read")
            }
            let enforced = slot.mode == .enforce && !finding.advisory
            var amended: Intent?
            if let amendment = finding.amendment {
                amended = intent.amended(amendment)
                if amended == nil {
                    finding = Finding(kind: .failed, reason: GateFailure.badAmendment.rawValue, evidence: finding.evidence)
                }
            }
            let effect = Self.effect(of: finding.kind, enforced: enforced, mode: slot.mode, onFailure: slot.onFailure)
            if effect == .amended, let amended {
                intent = amended
                amending = index
                if case .extraCooldown(let wait) = finding.amendment { extraCooldown = max(extraCooldown, wait) }
            }
            if effect.blocks, blocking == nil { blocking = index }
            for reservation in finding.reservations { reservations.append((reservation, intent.quantity.value)) }
            for event in finding.effects { events.append(PendingEvent(event: event, enforced: enforced)) }
            results.append(
                GateResult(
                    gate: slot.name, mode: slot.mode, verdict: finding.kind, effect: effect, reason: finding.reason, evidence: finding.evidence,
                    detail: finding.detail, duration: duration))
        }

        let deciding = blocking ?? amending
        var decision = Decision(
            id: published.id, outcome: blocking == nil ? .permit : .block, planID: published.planID, symbol: published.symbol.name,
            gate: deciding.map { results[$0].gate } ?? "", reason: deciding.map { results[$0].reason } ?? "all_gates_passed", fields: published.fields)
        decision.results = results
        decision.intent = published
        decision.events = events
        // With a permit they are taken; with a block they only guard what it was judged on.
        decision.reservations = reservations.compactMap { reservation, quantity in
            inputs.lastReservation(reservation).map { last in
                PendingReservation(
                    reservation: Sizing.scaled(reservation, from: quantity, to: intent.quantity.value), expectedLast: last)
            }
        }
        if blocking == nil {
            decision.permit = Sizing.permit(for: intent, published: published, extraCooldown: extraCooldown, inputs)
        }
        return decision
    }

    private static func effect(of kind: VerdictKind, enforced: Bool, mode: GateMode, onFailure: FailurePolicy) -> GateEffect {
        switch kind {
        case .pass: .none
        case .block: enforced ? .blocked : .wouldBlock
        case .amend: enforced ? .amended : .wouldAmend
        case .abstain, .failed:
            switch onFailure {
            case .allow: .failedOpen
            case .deny: mode == .enforce ? .failedClosed : .wouldFailClosed
            }
        }
    }
}

/// Measures how long a gate takes. Replays use ``NoStopwatch``, so that the same arguments give the same bytes.
package protocol Stopwatch {
    func now() -> UInt64
    func elapsed(since start: UInt64) -> Duration
}

package struct NoStopwatch: Stopwatch {
    package init() {}
    package func now() -> UInt64 { 0 }
    package func elapsed(since start: UInt64) -> Duration { .zero }
}
