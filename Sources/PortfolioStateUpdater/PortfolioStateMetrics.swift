import GateAPI
import Synchronization
import Telemetry

/// The metrics of the updater. Only here amounts become binary floating point.
struct PortfolioStateMetrics: Sendable {
    private let writes: Counter
    private let failures: [PortfolioStateFailure.Reason: Counter]
    private let equity: Gauge
    private let drawdown: Gauge
    private let exclusions: [Exclusion.Kind: Gauge]
    private let asOf: AsOf

    /// Before the first write, the age counts from the start, so that a portfolio that was never read looks old.
    init(_ registry: MetricRegistry, clocks: Clocks) throws(MetricError) {
        writes = try registry.counter("portfolio_state_writes_total", help: "Portfolio states written.")
        var failures: [PortfolioStateFailure.Reason: Counter] = [:]
        for reason in PortfolioStateFailure.Reason.allCases {
            failures[reason] = try registry.counter(
                "portfolio_state_failures_total", help: "Cycles that wrote no portfolio state, by reason.",
                labels: [("reason", reason.rawValue)])
        }
        self.failures = failures
        equity = try registry.gauge("portfolio_state_equity_usd", help: "Equity of the last state written.")
        drawdown = try registry.gauge(
            "portfolio_state_drawdown_ratio", help: "Drawdown of the last state written, from the equity peak.")
        var exclusions: [Exclusion.Kind: Gauge] = [:]
        for kind in Exclusion.Kind.allCases {
            exclusions[kind] = try registry.gauge(
                "portfolio_state_exclusions",
                help: "Parts of the portfolio that the last state written leaves out, by kind.",
                labels: [("kind", kind.rawValue)])
        }
        self.exclusions = exclusions
        let age = try registry.gauge(
            "portfolio_state_age_seconds",
            help: "Age of the last state written, by its own timestamp; before the first, the time since the start.")
        let asOf = AsOf(clocks.wall())
        self.asOf = asOf
        registry.onScrape { age.set(clocks.wall().since(asOf.value).seconds.gaugeValue) }
    }

    func recordWrite(_ record: PortfolioStateRecord) {
        writes.increment()
        equity.set(record.reading.equity.gaugeValue)
        drawdown.set(record.drawdown.gaugeValue)
        for (kind, gauge) in exclusions {
            gauge.set(Double(record.reading.exclusions.count { $0.kind == kind }))
        }
        asOf.set(record.reading.asOf)
    }

    func recordFailure(_ reason: PortfolioStateFailure.Reason) {
        failures[reason]?.increment()
    }

    /// Safe across threads: the updater stores it, scrapes load it.
    private final class AsOf: Sendable {
        private let microseconds: Atomic<Int64>

        init(_ time: Timestamp) {
            microseconds = Atomic(time.microseconds)
        }

        var value: Timestamp { Timestamp(microseconds: microseconds.load(ordering: .relaxed)) }

        func set(_ time: Timestamp) {
            microseconds.store(time.microseconds, ordering: .relaxed)
        }
    }
}
