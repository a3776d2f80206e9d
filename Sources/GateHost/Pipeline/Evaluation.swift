import Deployment
import GateAPI
import TradingState

/// The working state of one decision: the verdicts so far and their consequences.
struct Evaluation {
    var results: [GateResult]
    /// The intent after all amendments; `nil` if no gate amended it.
    var amended: Intent?
    /// The intent that the gates were asked about, if it may not do any more what was published.
    var limited: Intent?
    private var events: [PendingEvent] = []
    private var claims: [GateClaim] = []
    /// The first gate that blocks.
    private var blocking: Int?
    /// The last gate that amended the intent.
    private var amending: Int?
    /// Whether the plan itself is refused.
    private var isUnfit = false
    private var extraCooldown = Duration.zero
    private let sizing: Sizing
    private let reduceOnly: ReduceOnlySupport

    /// A gate's claim, and the order's quantity that it was made for.
    private struct GateClaim {
        let claim: Claim
        let quantity: Amount?
    }

    init(results: consuming [GateResult], _ sizing: Sizing, _ reduceOnly: ReduceOnlySupport) {
        self.results = results
        self.sizing = sizing
        self.reduceOnly = reduceOnly
    }

    /// Takes the refusal of a plan that is unfit to be judged. It stands behind the gates' results.
    mutating func add(_ refusal: PlanCheck.Refusal) {
        if refusal.result.effect.blocks {
            blocking = results.count
            isUnfit = true
            claims += refusal.claims.all.map { GateClaim(claim: $0, quantity: nil) }
        }
        results.append(refusal.result)
    }

    /// Weighs a verdict that is more than a pass, by the gate's mode and failure policy. Returns the amended intent if
    /// the verdict amends it.
    mutating func weigh(
        _ index: Int, _ slot: GateSlot, about intent: Intent, _ inputs: Inputs, onFailure policy: FailurePolicy
    ) -> Intent? {
        var amendment = results[index].gateVerdict.amendment
        if let wanted = amendment, intent.amended(wanted) == nil { results[index].gateVerdict.fail(.badAmendment) }
        addClaims(of: index, slot, intent, inputs)
        if results[index].gateVerdict.kind == .pass {
            results[index].effect = .none
            return nil
        }
        let kind = results[index].gateVerdict.kind
        if isUnfit, kind == .abstain || kind == .failed {
            // The plan is refused already, and it may be the plan's fault that the gate cannot judge.
            results[index].effect = .none
            return nil
        }
        let isEnforced = slot.mode == .enforce && !results[index].gateVerdict.advisory
        var effect = GateEffect(of: kind, isEnforced: isEnforced, slot.mode, policy)
        if effect == .failedClosed || effect == .wouldFailClosed {
            // A gate that cannot judge never blocks a close.
            switch sizing.fallback(for: intent, inputs) {
            case .passes: effect = .failedOpen
            case .isCapped(let capped):
                effect = effect == .failedClosed ? .failedCapped : .wouldFailCapped
                amendment = capped
            case .isBlocked(let standing): claims += standing.all.map { GateClaim(claim: $0, quantity: nil) }
            }
        }
        if case .reduceOnly = amendment, reduceOnly == .ignored { effect = effect.withoutCap }
        results[index].effect = effect
        if effect.blocks, blocking == nil { blocking = index }
        for event in results[index].gateVerdict.effects {
            events.append(PendingEvent(event: event, enforced: isEnforced))
        }
        guard effect.amends, let amendment else { return nil }
        amending = index
        if case .extraCooldown(let wait) = amendment { extraCooldown = max(extraCooldown, wait) }
        return intent.amended(amendment)
    }

    /// Takes a verdict's claims. A gate may claim only from accounts that it declares.
    private mutating func addClaims(of index: Int, _ slot: GateSlot, _ intent: Intent, _ inputs: Inputs) {
        let made = results[index].gateVerdict.claims
        guard !made.isEmpty else { return }
        for claim in made.all {
            guard slot.declares(claim.account), !claim.amount.isNegative else {
                return results[index].gateVerdict.fail(
                    .error, detail: "claims from an account that it does not declare")
            }
            guard let totals = inputs.totals(of: claim) else {
                // The gate judged by an account that could not be read.
                return results[index].gateVerdict.fail(.error, detail: "claims from an account that it cannot read")
            }
            guard claim.bound?.holds(of: totals) ?? true else {
                // Its decision could never be committed.
                return results[index].gateVerdict.fail(
                    .error, detail: "its claim does not hold by the account that it was shown")
            }
        }
        claims += made.all.map { GateClaim(claim: $0, quantity: intent.quantity.value) }
    }

    /// The decision that follows from the verdicts.
    // Inlined, because the optimizer copies the whole state for a call.
    @inline(__always)
    func decision(on entry: StreamEntry, _ published: Intent, _ inputs: Inputs) -> Decision {
        let deciding = blocking ?? amending
        let gate = deciding.map { results[$0].gate } ?? ""
        let reason =
            deciding.map { results[$0].reason } ?? (limited == nil ? "all_gates_passed" : ExpiredIntent.reason)
        let final = amended ?? limited ?? published
        var permit: Permit?
        var claims = self.claims.map { $0.claim.scaled(from: $0.quantity, to: final.quantity.value) }
        if blocking == nil {
            permit = sizing.permit(
                for: final, published: published, extraCooldown: extraCooldown, inputs, &claims)
        }
        return Decision(
            judged: entry, by: gate, reason: reason, results: results, permit: permit, events: events, claims: claims)
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

    /// The effect where the execution layer does not honour a cap.
    fileprivate var withoutCap: GateEffect {
        switch self {
        case .amended: .blocked
        case .wouldAmend: .wouldBlock
        case .failedCapped: .failedClosed
        case .wouldFailCapped: .wouldFailClosed
        default: self
        }
    }
}
