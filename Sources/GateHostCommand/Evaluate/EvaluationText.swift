import Deployment
import GateAPI
import GateHost
import JSONText
import TradingState

/// A decision for people and for machines.
enum EvaluationText {
    static func text(_ decision: Decision, _ reservations: ReservationsInForce) -> String {
        var lines = [headline(decision)]
        for (index, result) in decision.results.enumerated() {
            let reason = result.reason.isEmpty ? "" : "  \(result.reason)"
            let detail = result.detail.map { " (\($0))" } ?? ""
            lines.append(
                "  \(index + 1). \(result.gate)  [\(result.mode.rawValue)]  \(outcome(result))\(reason)\(detail)")
            if result.evidence.count > 0 {
                lines.append(
                    "     "
                        + (0..<result.evidence.count).map { "\(result.evidence[$0].name)=\(result.evidence[$0].value)" }
                        .joined(separator: "  "))
            }
        }
        if let permit = decision.permit {
            lines.append(
                """
                  permit: quantity \(permit.quantity), notional \(permit.notional), downsize factor \
                \(permit.downsizeFactor)
                """
            )
        }
        for item in reservations.items {
            let end = item.isExecuted ? "executed, until the position shows it" : "expires in \(item.secondsLeft) s"
            lines.append("  reserved in \(item.pool): \(item.planID) \(item.amount), \(end)")
        }
        return lines.joined(separator: "\n")
    }

    private static func headline(_ decision: Decision) -> String {
        let plan = decision.planID.isEmpty ? "entry \(decision.id)" : "plan \(decision.planID)"
        let by = decision.gate.isEmpty ? "" : " by \(decision.gate)"
        return "\(plan)  \(decision.symbol)  \(decision.outcome.rawValue)\(by): \(decision.reason)"
    }

    private static func outcome(_ result: GateResult) -> String {
        result.effect == .none ? result.verdict.rawValue : result.effect.rawValue.replacing("_", with: " ")
    }

    static func json(_ decision: Decision, _ reservations: ReservationsInForce) -> String {
        var object = JSONObject()
        object.add("plan_id", decision.planID)
        object.add("symbol", decision.symbol)
        object.add("outcome", decision.outcome.rawValue)
        object.add("gate", decision.gate)
        object.add("reason", decision.reason)
        var gates: [UInt8] = []
        DecisionJSON.writeGates(decision.results, to: &gates)
        object.add("gates", json: gates)
        if let permit = decision.permit {
            var json: [UInt8] = []
            permit.write(to: &json)
            object.add("permit", json: json)
        }
        if !reservations.items.isEmpty {
            let items = reservations.items.map { item in
                var object = JSONObject()
                object.add("pool", item.pool)
                object.add("plan_id", item.planID)
                object.add("amount", number: item.amount.description)
                object.add("expires_in_sec", number: String(item.secondsLeft))
                object.add("executed", literal: String(item.isExecuted))
                return object.text
            }
            object.add("reservations", literal: "[\(items.joined(separator: ","))]")
        }
        return object.text
    }
}
