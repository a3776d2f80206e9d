import GateAPI
import Telemetry
import TradingState

/// The metrics of the equity and of the sums that it limits.
struct EquityMetrics: Sendable {
    private let drawdown: Gauge
    private let heldBack: Counter
    private let isHeld: Gauge
    private let heldEquity: Gauge
    private let sum: Gauge
    private let limit: Gauge
    private let isBinding: Gauge
    private let grossExposure: Gauge

    init(_ registry: MetricRegistry) throws(MetricError) {
        drawdown = try registry.gauge(
            "p28_drawdown_ratio", help: "The drawdown that the newest portfolio state names, 0 to 1.")
        heldBack = try registry.counter(
            "p28_equity_held_back_total", help: "Portfolio states that were held back because the equity jumped.")
        isHeld = try registry.gauge("p28_equity_held", help: "1 while an equity is held back.")
        heldEquity = try registry.gauge(
            "p28_equity_held_usd", help: "The equity that is held back; 0 without one.")
        sum = try registry.gauge("p28_budget_sum_usd", help: "The sum of all budgets that gates may see.")
        limit = try registry.gauge(
            "p28_budget_cap_usd", help: "The limit of that sum; 0 without a limit or without equity.")
        isBinding = try registry.gauge("p28_budget_cap_binding", help: "1 while the limit makes budgets smaller.")
        grossExposure = try registry.gauge(
            "p28_gross_exposure_usd", help: "The sum of the absolute values of all positions with a price.")
    }

    func record(_ belief: EquityBelief, after before: HeldEquity?) {
        let held = belief.held
        isHeld.set(held == nil ? 0 : 1)
        heldEquity.set(held.map { RiskMetrics.number($0.newest.equity) } ?? 0)
        if let held, held.newest != before?.newest { heldBack.increment() }
        if let drawdown = belief.drawdown { self.drawdown.set(RiskMetrics.number(drawdown)) }
    }

    func record(_ result: BudgetComputation.Result) {
        sum.set(RiskMetrics.number(result.sum.total))
        limit.set(RiskMetrics.number(result.sum.limit ?? .zero))
        isBinding.set(result.sum.isBinding ? 1 : 0)
        grossExposure.set(RiskMetrics.number(result.grossExposure))
    }

    /// Without it the alerts on gauges would go on, by what was true while this instance held the lease.
    func clear() {
        for gauge in [drawdown, isHeld, heldEquity, sum, limit, isBinding, grossExposure] { gauge.set(0) }
    }
}
