import GateAPI
import JSONText
import Platform

extension RiskStatus {
    /// Lines for a terminal.
    package func text(_ settings: RiskSettings) -> String {
        let problems = problems(settings)
        return [
            "mode     \(modeText(settings))", "lease    \(leaseText)", "cycle    \(cycleText)", "state    \(stateText)",
            "budgets  \(budgets.count) symbols, \(sum?.description ?? "too much") USD together\(capText)",
            "wrong    " + (problems.isEmpty ? "nothing" : problems.joined(separator: "\n         ")),
        ].joined(separator: "\n")
    }

    private func modeText(_ settings: RiskSettings) -> String {
        guard let mode else { return "\(settings.mode.rawValue), by P28_MODE" }
        return "\(mode.mode.rawValue), by \(mode.source), \(now.since(mode.changedAt).wholeSeconds) s ago"
    }

    private var leaseText: String {
        guard let lease, !lease.holder.isEmpty else { return "free" }
        let left = lease.left > .zero ? "" : ", ended \((.zero - lease.left).wholeSeconds) s ago"
        return "\(lease.holder), epoch \(lease.epoch)\(left)"
    }

    private var cycleText: String {
        guard let age = lease?.cycleAge else { return "none" }
        return "\(age.wholeSeconds) s ago, \(cycle?.state ?? "unknown")"
    }

    private var capText: String { cycle?.budgetCap.map { ", at most \($0)" } ?? "" }

    private var stateText: String {
        guard let state else { return "none" }
        let source = state.source.isEmpty ? "" : ", from \(state.source)"
        return "\(state.equity) USD, \(state.age.wholeSeconds) s old\(source)"
    }

    /// The same as one JSON object.
    package func json(_ settings: RiskSettings) -> String {
        var json = JSONObject()
        json.add("mode", mode?.mode.rawValue ?? settings.mode.rawValue)
        json.add("mode_source", mode?.source ?? "P28_MODE")
        json.add("mode_version", number: String(mode?.version ?? 0))
        json.add("holder", lease?.holder ?? "")
        json.add("epoch", number: String(lease?.epoch ?? 0))
        json.add("lease_left_ms", number: String(lease?.left.milliseconds ?? 0))
        json.add("last_cycle_age_ms", literal: lease?.cycleAge.map { String($0.milliseconds) } ?? "null")
        json.add("last_cycle_state", cycle?.state ?? "")
        json.add("equity_held_back_usd", literal: cycle?.heldEquity.flatMap { try? Amount($0) }?.description ?? "null")
        json.add("equity_usd", literal: state?.equity.description ?? "null")
        json.add("state_source", state?.source ?? "")
        json.add("state_age_ms", literal: state.map { String($0.age.milliseconds) } ?? "null")
        json.add("symbols", number: String(budgets.count))
        json.add("budget_sum_usd", literal: sum?.description ?? "null")
        json.add("budget_cap_usd", literal: cycle?.budgetCap.flatMap { try? Amount($0) }?.description ?? "null")
        json.add("budget_cap_binding", literal: cycle?.isCapBinding == true ? "true" : "false")
        json.add("problems", literal: JSONObject.array(problems(settings)))
        return json.text
    }
}

extension JSONObject {
    /// An array of texts, as a literal.
    static func array(_ texts: [String]) -> String {
        var bytes: [UInt8] = []
        for text in texts {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            JSON.write(string: text, to: &bytes)
        }
        return "[" + String(decoding: bytes, as: UTF8.self) + "]"
    }
}
