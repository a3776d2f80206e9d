import Deployment
import GateAPI

/// Refuses plans with a number or word of their own that cannot be read, once for all gates.
///
/// A gate that lacks data fails open. A plan that could bring that about by itself would switch its judge off. It
/// enforces as soon as one gate does.
struct PlanCheck {
    static let reason = "plan_malformed"

    let label: GateLabel
    private let sizing: Sizing

    init(_ policy: BadPlanPolicy, gates: [GateSlot], _ sizing: Sizing) {
        let isEnforced = policy == .block && gates.contains { $0.mode == .enforce }
        label = GateLabel(name: PlansConfiguration.checkName, mode: isEnforced ? .enforce : .shadow)
        self.sizing = sizing
    }

    struct Refusal {
        let result: GateResult
        /// The bounds under which it stands.
        let claims: Claims
    }

    /// `nil` for a plan that is fit to be judged, and for an order that can only reduce: it is sized by what may remain.
    func refusal(of intent: Intent, _ inputs: Inputs) -> Refusal? {
        guard intent.fault != nil || intent.isPriceEmpty else { return nil }
        guard let fault = intent.fault ?? (sizing.knowsPrice(intent, inputs) ? nil : Intent.unpriced) else {
            return nil
        }
        let claims: Claims
        switch sizing.fallback(for: intent, inputs) {
        case .passes: return nil
        case .isCapped: claims = .none
        case .isBlocked(let standing): claims = standing
        }
        var result = GateResult(label: label)
        result.gateVerdict.block(Self.reason, fault)
        result.effect = label.mode == .enforce ? .blocked : .wouldBlock
        return Refusal(result: result, claims: claims)
    }
}
