import GateAPI
import TradingState

/// The record `quantum:portfolio:cycle`: what the last cycle found and wrote, for `portfolio-risk-governor status`.
enum CycleSummary {
    static let key = "quantum:portfolio:cycle"
    private static let lifetime = 86_400

    static func record(
        _ belief: EquityBelief, _ result: BudgetComputation.Result?, term: LeaseTerm, now: Timestamp
    ) -> CycleScript.Record {
        // A hash keeps the fields that are not overwritten.
        var (equity, asOf) = ("", "")
        switch belief.resolution {
        case .usable(let state), .withoutEquity(let state):
            equity = state.state.equity.description
            asOf = state.state.takenAt.epochSeconds.description
        case .tooOld, .nothing: break
        }
        let fields = [
            ("holder", term.holder), ("epoch", String(term.epoch)), ("timestamp", now.epochSeconds.description),
            ("state", belief.resolution.name), ("symbols", String(result?.budgets.count ?? 0)),
            ("equity_usd", equity), ("as_of", asOf), ("held_usd", belief.held?.newest.equity.description ?? ""),
            ("budget_cap_usd", result?.sum.limit?.description ?? ""),
            ("budget_cap_binding", result?.sum.isBinding == true ? "1" : "0"),
        ]
        return CycleScript.Record(key: key, fields: fields.map { (name: $0.0, value: $0.1) }, lifetime: lifetime)
    }
}

extension StateResolution {
    /// As records, logs and people have it.
    package var name: String {
        switch self {
        case .usable(let state): state.source.rawValue
        case .tooOld: "too_old"
        case .withoutEquity: "without_equity"
        case .nothing: "nothing"
        }
    }
}
