import GateAPI
import Platform
import TradingState

/// A symbol's exposure for people.
enum ExposureText {
    /// One line, for the list of all symbols.
    static func line(_ exposure: SymbolExposure) -> String {
        let lanes = exposure.account.lanes.map { lane in
            "\(lane.name) \(amount((try? lane.given + lane.executed) ?? .max))"
        }
        var parts = [exposure.symbol.name, held(exposure)]
        if exposure.position.failure != nil { parts[1] += " (\(exposure.position.state))" }
        parts.append("under way " + (lanes.isEmpty ? "nothing" : lanes.joined(separator: ", ")))
        parts.append("most exposure \(sides(exposure) { $0.mostExposure })")
        switch exposure.left {
        case .none(let why): parts.append("left: \(why)")
        case .rests(_, let buy, let sell, _): parts.append("left buy \(dollars(buy)), sell \(dollars(sell))")
        }
        if !exposure.account.damage.isEmpty { parts.append("ACCOUNT DAMAGED") }
        return parts.joined(separator: "  ")
    }

    static func symbol(_ exposure: SymbolExposure, _ grants: GrantList) -> String {
        var lines = [exposure.symbol.name]
        func add(_ label: String, _ texts: [String]) {
            for (index, text) in texts.enumerated() {
                let label = index == 0 ? label : ""
                lines.append("  \(padded(label, 15))\(text)")
            }
        }
        add("position", position(exposure))
        add("account", account(exposure))
        add("under way", underWay(exposure.account))
        add("most exposure", [sides(exposure) { $0.mostExposure } + legs(exposure)])
        add("most to close", [sides(exposure) { $0.mostToClose }])
        add("budget", [budget(exposure.budget)])
        add("left", [left(exposure.left)])
        add("grants", self.grants(grants))
        return lines.joined(separator: "\n")
    }

    private static func account(_ exposure: SymbolExposure) -> [String] {
        let notes = exposure.account.damage.map { "DAMAGED: \($0.visible)" }
        if exposure.isKept { return notes }
        return ["no gate of this deployment keeps it: what is under way does not count"] + notes
    }

    private static func underWay(_ account: AccountReading) -> [String] {
        guard account.state != .unavailable else { return ["unknown"] }
        let lanes = account.lanes
        guard !lanes.isEmpty else { return ["nothing"] }
        return lanes.map { lane in
            let parts = [("given", lane.given), ("executed", lane.executed)].filter { !$0.1.isZero }
            return padded(lane.name, 12) + parts.map { "\($0.0) \(amount($0.1))" }.joined(separator: ", ")
        }
    }

    private static func sides(_ exposure: SymbolExposure, _ amount: (WorstCases.Side) -> Amount?) -> String {
        guard let long = amount(exposure.worst.long), let short = amount(exposure.worst.short) else { return "unknown" }
        return "long \(self.amount(long)), short \(self.amount(short))"
    }

    private static func legs(_ exposure: SymbolExposure) -> String {
        exposure.worst.legs.map { ", both legs \(amount($0))" } ?? ""
    }
}
