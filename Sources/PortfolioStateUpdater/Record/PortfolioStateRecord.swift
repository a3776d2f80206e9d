import GateAPI
import TradingState

/// The record `quantum:state:portfolio`, which readers decode as ``PortfolioState``, and an entry of
/// `quantum:stream:portfolio.state` with the same fields.
struct PortfolioStateRecord {
    static let key = PortfolioState.key
    static let stream = "quantum:stream:portfolio.state"
    static let streamLength = 1_000
    /// The record expires after this time without a write, and readers fall back on the last known good state.
    static let secondsToLive = 120

    let reading: PortfolioReading
    let source: String
    let drawdown: Amount

    /// In the contract's order. Money has two decimals, as existing readers expect; the drawdown is a plain decimal.
    var fields: [(name: String, value: String)] {
        let seconds = String(reading.asOf.milliseconds / 1_000)
        return [
            ("ts_utc", seconds), ("timestamp", seconds), ("equity_usd", reading.equity.cents),
            ("balance_usd", reading.balance.cents),
            ("unrealized_pnl_usd", reading.unrealizedProfit.cents), ("positions_count", String(reading.positionCount)),
            ("positions_notional_usd", reading.positionsNotional.cents), ("source", source),
            ("drawdown", drawdown.description),
        ]
    }
}
