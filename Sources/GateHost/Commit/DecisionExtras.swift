import GateAPI
import TradingState

/// The fields of a decision record beyond those that every record has: what an operator asks first of one line.
struct DecisionExtras {
    let decision: Decision
    let intent: Intent

    var pairs: [(StaticString, String)] {
        var pairs: [(StaticString, String)] = [
            ("action", intent.fields["action"] ?? ""), ("side", intent.side?.rawValue ?? ""),
            ("quantity", intent.quantity.value?.description ?? ""),
        ]
        if let permit = decision.permit {
            pairs.append(("computed_qty", permit.quantity.description))
            pairs.append(("computed_notional", permit.notional.description))
        }
        add("would_block", to: &pairs) { $0.wouldBlock }
        add("amended_by", to: &pairs) { $0 == .amended }
        add("would_amend", to: &pairs) { $0 == .wouldAmend }
        add("failed_open", to: &pairs) { $0 == .failedOpen }
        return pairs
    }

    /// `gate:reason` of every gate with such an effect, joined by commas.
    private func add(_ name: StaticString, to pairs: inout [(StaticString, String)], where matches: (GateEffect) -> Bool) {
        guard decision.results.contains(where: { matches($0.effect) }) else { return }
        pairs.append((name, decision.results.filter { matches($0.effect) }.map { "\($0.gate):\($0.reason)" }.joined(separator: ",")))
    }
}
