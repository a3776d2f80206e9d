import GateAPI
import GateHost

/// One decision as one line: symbol, side, notional, verdict, deciding gate, reason, latency.
struct DemoLine {
    let committed: CommittedDecision
    let outcome: Outcome
    let latency: UInt64?
    let hasColour: Bool

    var text: String {
        let decision = committed.decision
        let side = decision.intent.map { $0.action.isClose ? "CLOSE" : $0.side?.rawValue ?? "-" } ?? "-"
        let (verdict, gate, reason, colour) = verdict
        let columns = [
            (decision.symbol.isEmpty ? "-" : decision.symbol).padded(to: 11), side.padded(to: 5),
            notional.leftPadded(to: 9),
            paint(verdict.padded(to: 11), colour), gate.padded(to: 10), reason,
        ]
        let milliseconds = latency.map { "  \(Self.milliseconds($0)) ms" } ?? ""
        return columns.joined(separator: "  ") + milliseconds
    }

    private var notional: String {
        guard let intent = committed.decision.intent, let quantity = intent.quantity.value,
            let price = intent.price.value,
            let notional = try? quantity * price
        else { return "-" }
        return "$" + notional.text(decimals: 2)
    }

    /// The applied verdict, else the verdict that enforce mode would apply, else the gate that could not judge.
    private var verdict: (verdict: String, gate: String, reason: String, colour: String) {
        let decision = committed.decision
        switch outcome {
        case .block: return ("BLOCK", committed.result == .applied ? decision.gate : "-", committed.reason, "31")
        case .skip: return ("skip", "-", committed.reason, "90")
        case .duplicate: return ("duplicate", "-", committed.reason, "90")
        case .deadLetter: return ("dead letter", "-", committed.reason, "35")
        case .permit: break
        }
        let results = decision.results
        if let result = results.first(where: { $0.effect == .amended }) {
            return ("permit less", result.gate, result.reason, "36")
        }
        if let result = results.first(where: { $0.effect.wouldBlock }) {
            return ("would block", result.gate, result.reason, "33")
        }
        if let result = results.first(where: { $0.effect == .wouldAmend }) {
            return ("would amend", result.gate, result.reason, "33")
        }
        if let result = results.first(where: { $0.effect == .failedOpen }) {
            return ("failed open", result.gate, result.reason, "35")
        }
        return ("permit", "-", "-", "32")
    }

    private func paint(_ text: String, _ colour: String) -> String {
        hasColour ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
    }

    static func milliseconds(_ nanoseconds: UInt64) -> String {
        Amount(units: Int64(clamping: nanoseconds), decimals: 6).text(decimals: 2)
    }
}

extension Amount {
    /// For display: fixed decimals, toward zero.
    func text(decimals: Int) -> String {
        let text = description.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = text.count > 1 ? String(text[1].prefix(decimals)) : ""
        return "\(text[0])." + fraction + String(repeating: "0", count: decimals - fraction.count)
    }
}

extension String {
    func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }
    func leftPadded(to width: Int) -> String {
        count >= width ? self : String(repeating: " ", count: width - count) + self
    }
}
