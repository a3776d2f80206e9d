import Deployment
import GateAPI
import GateHost
import JSONText
import Platform
import TradingState

/// A decision for people and for machines.
enum EvaluationText {
    static func text(_ decision: Decision, _ accounts: AccountsRead) -> String {
        var lines = [headline(decision)]
        for (index, result) in decision.results.enumerated() {
            let reason = result.reason.isEmpty ? "" : "  \(result.reason)"
            let detail = result.detail.map { " (\($0.visible))" } ?? ""
            lines.append(
                "  \(index + 1). \(result.gate)  [\(result.mode.rawValue)]  \(outcome(result))\(reason)\(detail)")
            if result.evidence.count > 0 {
                let items = (0..<result.evidence.count).map { index in
                    let name = result.evidence[index].name
                    return "\(name)=\(result.evidence.text(name) ?? result.evidence[index].value.description)"
                }
                lines.append("     " + items.joined(separator: "  "))
            }
        }
        if let permit = decision.permit {
            lines.append(
                """
                  permit: quantity \(permit.quantity), notional \(permit.notional), downsize factor \
                \(permit.downsizeFactor)\(permit.isCapped ? ", reduce only" : "")\
                \(permit.closeFraction.map { ", fraction to close \($0)" } ?? "")
                """
            )
        }
        for item in accounts.items {
            lines.append("  under way in \(item.account): \(item.lane) \(item.amount)")
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

    static func json(_ decision: Decision, _ accounts: AccountsRead) -> String {
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
        if !accounts.items.isEmpty {
            let items = accounts.items.map { item in
                var object = JSONObject()
                object.add("account", item.account)
                object.add("lane", item.lane)
                object.add("amount", number: item.amount.description)
                return object.text
            }
            object.add("under_way", literal: "[\(items.joined(separator: ","))]")
        }
        return object.text
    }
}
