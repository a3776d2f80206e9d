import GateAPI
import Platform

extension RiskStatus {
    /// What is wrong, for an operator; empty if nothing is.
    package func problems(_ settings: RiskSettings) -> [String] {
        var problems: [String] = []
        let limit = LeaseControl(length: settings.leaseLength.duration, interval: settings.interval.duration).cycleLimit
        if let lease, !lease.holder.isEmpty, lease.left > .zero {
            if lease.cycleAge.map({ $0 > limit }) ?? false {
                problems.append("the holder of the lease writes no cycles")
            }
        } else {
            problems.append("no instance holds the lease: no budgets are written")
        }
        problems += cycle.map(Self.problems) ?? ["no cycle is known"]
        if let state {
            if !state.equity.isPositive { problems.append("the equity is \(state.equity)") }
            if state.age > settings.staleAfter.duration {
                problems.append("the portfolio state is \(state.age.wholeSeconds) s old")
            }
        } else {
            problems.append("there is no readable quantum:state:portfolio")
        }
        if let mode {
            let others = budgets.filter { $0.mode != mode.mode.rawValue }
            if !others.isEmpty {
                let names = others.prefix(5).map(\.symbol).joined(separator: ", ")
                problems.append("\(others.count) budgets carry another mode: \(names)")
            }
            if mode.mode != settings.mode {
                problems.append("P28_MODE=\(settings.mode.rawValue) here, but the mode is \(mode.mode.rawValue)")
            }
        }
        return problems
    }
}

extension RiskStatus {
    private static func problems(_ cycle: Cycle) -> [String] {
        var problems: [String] = []
        switch cycle.state {
        case "fresh": break
        case "lkg": problems.append("budgets use the last known good portfolio state")
        case let state where cycle.symbols > 0: problems.append("all budgets are 0: \(state)")
        case let state: problems.append("the last cycle wrote no budgets: \(state)")
        }
        if let held = cycle.heldEquity {
            problems.append("an equity of \(held) USD is held back until more states agree")
        }
        if cycle.isCapBinding { problems.append("P28_BUDGET_SUM_CAP makes all budgets smaller") }
        return problems
    }
}

extension Duration {
    var wholeSeconds: Int64 { milliseconds / 1_000 }
}
