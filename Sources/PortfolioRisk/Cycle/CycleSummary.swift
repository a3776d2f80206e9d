import GateAPI
import TradingState

/// The record `quantum:portfolio:cycle`: what the last cycle found and wrote, for `portfolio-risk-governor status`.
enum CycleSummary {
    static let key = "quantum:portfolio:cycle"
    private static let lifetime = 86_400

    static func record(_ resolution: StateResolution, budgets: [BudgetRecord], term: LeaseTerm, now: Timestamp)
        -> CycleScript.Record
    {
        var fields = [
            ("holder", term.holder), ("epoch", String(term.epoch)), ("timestamp", now.epochSeconds.description),
            ("state", resolution.name), ("symbols", String(budgets.count)),
        ]
        // A hash keeps the fields that are not overwritten.
        var (equity, asOf) = ("", "")
        if case .usable(let state) = resolution {
            equity = state.state.equity.description
            asOf = state.state.takenAt.epochSeconds.description
        }
        fields += [("equity_usd", equity), ("as_of", asOf)]
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
