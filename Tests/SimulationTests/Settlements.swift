@testable import GateHost
import TestSupport
import TradingState

/// Random calls of the settlement scripts.
enum Settlements {
    private static func head() -> [String] {
        let pools =
            ["position", "ts", "2", "snapshot:", "", "snapshot:", ":LONG"] + [
                "heat", "time", "2", "heat:1", "", "heat:2", "",
            ]
        return [
            "0", AccountFields.keyPrefix, "outcome:", "permit:", String(Ledgers.accountLife),
            String(Ledgers.executedLife), "2",
        ] + pools
    }

    static func reports(_ plans: [String], _ random: inout SeededGenerator) -> [String] {
        ["EVAL", SettlementScript.reports] + head() + ["commits", "results", "group", "1", "1-1"]
            + plans.flatMap { plan in
                let reports = ["T", "T", "T 0 0", "T 150000000 0", "T 5 12000", "F", "F 0 0", "R"]
                return [plan, reports.randomElement(using: &random) ?? ""]
            }
    }

    static func report(_ plan: String, _ report: String) -> [String] {
        ["EVAL", SettlementScript.reports] + head() + ["commits", "results", "group", "1", "1-1", plan, report]
    }

    static func revocations(_ count: Int) -> [String] {
        ["EVAL", SettlementScript.revocations] + head() + ["decisions", "+", "0", String(count)]
    }
}
