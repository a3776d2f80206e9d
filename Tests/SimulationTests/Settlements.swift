@testable import GateHost
import TestSupport
import TradingState

/// Random calls of the settlement scripts.
enum Settlements {
    private static func head() -> [String] {
        let pools = ["position", "ts", "snapshot:", ""] + ["heat", "time", "heat:1", "heat:2"]
        return [
            "0", AccountFields.keyPrefix, "outcome:", "permit:", String(Ledgers.accountLife),
            String(Ledgers.executedLife), "2",
        ] + pools
    }

    static func reports(_ plans: [String], _ random: inout SeededGenerator) -> [String] {
        ["EVAL", SettlementScript.reports] + head() + ["commits", "results", "group", "1", "1-1"]
            + plans.flatMap { plan in
                let filled = [["", ""], ["", ""], ["0", "0"], ["150000000", "0"], ["5", "12000"]]
                return [plan, ["True", "False"].randomElement(using: &random) ?? ""]
                    + (filled.randomElement(using: &random) ?? []) + [["", "1"].randomElement(using: &random) ?? ""]
            }
    }

    static func report(_ plan: String, executed: String) -> [String] {
        ["EVAL", SettlementScript.reports] + head()
            + ["commits", "results", "group", "1", "1-1", plan, executed, "", "", ""]
    }

    static func revocations(_ count: Int) -> [String] {
        ["EVAL", SettlementScript.revocations] + head() + ["decisions", "+", "0", String(count)]
    }
}
