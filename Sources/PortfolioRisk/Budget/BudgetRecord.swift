package import GateAPI
import TradingState

/// The record `quantum:portfolio:budget:{symbol}`: the budget and all inputs of its computation.
package struct BudgetRecord: Sendable, Equatable {
    package let symbol: Symbol
    package var budget: Budget
    /// The steps to the symbol's own budget, before the cap on the sum.
    package let terms: BudgetTerms
    package let stress: Ratio
    package let inputs: StressInputs
    package let state: ResolvedState
    package let mode: RiskMode
    package let baseRisk: Amount
    /// The time of the computation.
    package let timestamp: Timestamp

    package static let keyPrefix = "quantum:portfolio:budget:"

    package var key: String { Self.keyPrefix + symbol.name }

    /// The contract's ten fields in its order, then the origin of the equity. Every field is written every time,
    /// because a hash keeps fields that are not overwritten.
    package var fields: [(name: String, value: String)] {
        [
            ("symbol", symbol.name), ("budget_usd", budget.amount.description), ("stress_factor", stress.description),
            ("equity_usd", state.state.equity.description), ("portfolio_heat", inputs.heat.description),
            ("cluster_stress", inputs.cluster.description),
            ("vol_regime", inputs.volatility.description), ("mode", mode.rawValue),
            ("timestamp", String(timestamp.milliseconds / 1_000)),
            ("base_risk_pct", baseRisk.description), ("as_of", state.state.takenAt.epochSeconds.description),
            ("state_source", state.source.rawValue),
            ("state_age_sec", max(.zero, state.age.secondsToTheMillisecond).description),
            ("capped", budget.cap),
        ]
    }
}
