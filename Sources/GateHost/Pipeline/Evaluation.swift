import Deployment
import GateAPI
import TradingState

/// The working state of one decision: the verdicts so far and their consequences.
struct Evaluation {
    var results: [GateResult]
    /// The intent after all amendments; `nil` if no gate amended it.
    var amended: Intent?
    private var events: [PendingEvent] = []
    private var reservations: [PendingReservation] = []
    /// The first gate that blocks.
    private var blocking: Int?
    /// The last gate that amended the intent.
    private var amending: Int?
    private var extraCooldown = Duration.zero

    init(results: consuming [GateResult]) {
        self.results = results
    }

    /// Weighs a verdict that is more than a pass, by the gate's mode and failure policy. Returns the amended intent if
    /// the verdict amends it.
    mutating func weigh(
        _ index: Int, _ slot: GateSlot, about intent: Intent, _ inputs: Inputs, onFailure policy: FailurePolicy
    ) -> Intent? {
        addReservation(of: index, intent, inputs)
        if results[index].gateVerdict.kind == .pass {
            results[index].effect = .none
            return nil
        }
        let isEnforced = slot.mode == .enforce && !results[index].gateVerdict.advisory
        let amendment = results[index].gateVerdict.amendment
        let amended = amendment.flatMap { intent.amended($0) }
        if amendment != nil, amended == nil { results[index].gateVerdict.fail(.badAmendment) }
        var effect = GateEffect(of: results[index].gateVerdict.kind, isEnforced: isEnforced, slot.mode, policy)
        // A gate that cannot judge never blocks a close.
        if effect == .failedClosed || effect == .wouldFailClosed, Sizing.showsNoNewExposure(intent, inputs) {
            effect = .failedOpen
        }
        results[index].effect = effect
        if effect.blocks, blocking == nil { blocking = index }
        for event in results[index].gateVerdict.effects {
            events.append(PendingEvent(event: event, enforced: isEnforced))
        }
        guard effect == .amended else { return nil }
        amending = index
        if case .extraCooldown(let wait) = amendment { extraCooldown = max(extraCooldown, wait) }
        return amended
    }

    /// A permit takes the reservation. A block does not: there it only makes the commit check that nobody reserved
    /// since the gate judged.
    private mutating func addReservation(of index: Int, _ intent: Intent, _ inputs: Inputs) {
        guard let reservation = results[index].gateVerdict.reservation else { return }
        guard let last = inputs.lastReservation(reservation) else {
            // The commit could not detect another host's reservation, so this one must not be made.
            return results[index].gateVerdict.fail(
                .error, detail: "reserves on a record that it did not request or cannot read")
        }
        reservations.append(
            PendingReservation(reservation: reservation, quantity: intent.quantity.value, expectedLast: last))
    }

    /// The decision that follows from the verdicts.
    // Inlined, because the optimizer copies the whole state for a call.
    @inline(__always)
    func decision(on entry: StreamEntry, _ published: Intent, _ inputs: Inputs) -> Decision {
        let deciding = blocking ?? amending
        let gate = deciding.map { results[$0].gate } ?? ""
        let reason = deciding.map { results[$0].reason } ?? "all_gates_passed"
        var permit: Permit?
        if blocking == nil {
            permit = Sizing.permit(
                for: amended ?? published, published: published, extraCooldown: extraCooldown, inputs)
        }
        let reservations =
            if let amended { reservations.map { $0.scaled(to: amended.quantity.value) } } else { reservations }
        return Decision(
            judged: entry, by: gate, reason: reason, results: results, permit: permit, events: events,
            reservations: reservations)
    }
}

extension GateEffect {
    /// The effect of a verdict. An advisory verdict is not enforced, even if its gate's mode is `enforce`.
    fileprivate init(of verdict: VerdictKind, isEnforced: Bool, _ mode: GateMode, _ onFailure: FailurePolicy) {
        switch verdict {
        case .pass: self = .none
        case .block: self = isEnforced ? .blocked : .wouldBlock
        case .amend: self = isEnforced ? .amended : .wouldAmend
        case .abstain, .failed:
            switch onFailure {
            case .allow: self = .failedOpen
            case .deny: self = mode == .enforce ? .failedClosed : .wouldFailClosed
            }
        }
    }
}
