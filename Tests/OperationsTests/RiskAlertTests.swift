import GateAPI
import Telemetry
import Testing
import TradingState

@testable import PortfolioRisk

/// The alerts of the budget service against the series of its own instruments, before and after one event.
@Suite(
    "Scraped alerts of the budget service",
    .enabled(if: Tool.promtool != nil, "promtool is not installed (Debian: prometheus)"))
struct RiskAlertTests {
    struct Event: Sendable, CustomTestStringConvertible {
        let alert: String
        var pace = Scrape.Pace.once
        let happens: @Sendable (RiskMetrics) -> Void

        var testDescription: String { alert }
    }

    static let events: [Event] = [
        Event(alert: "P28CyclesFail", pace: .goesOn) { $0.recordFailedCycle() },
        Event(alert: "P28PortfolioTooOld") { $0.record(.tooOld(age: .seconds(901)), missing: false, stale: true) },
        Event(alert: "P28MissingPortfolioState") { $0.record(.nothing, missing: true, stale: false) },
        Event(alert: "P28InvalidEquity") { $0.record(.withoutEquity(loss), missing: false, stale: false) },
        Event(alert: "P28EquityHeldBack") {
            $0.record(belief(held: HeldEquity(newest: loss.state, samples: 1, since: moment)), after: nil)
        },
        Event(alert: "P28Drawdown") { $0.record(belief(drawdown: Amount(percent: 21)), after: nil) },
        Event(alert: "P28StaleInput", pace: .goesOn) { $0.count(.position) },
        Event(alert: "P28RedisWriteFailures") { $0.writeFailures.increment() },
        Event(alert: "P28SymbolsDropped") { $0.symbolsDropped.increment() },
        Event(alert: "P28ModeChanged") { $0.record(RiskMode.enforce) },
        Event(alert: "P28ModeUnauthorized") { $0.unauthorized.increment() },
    ]

    private static let moment = Timestamp(seconds: 1_795_354_260)
    private static let loss = ResolvedState(
        state: PortfolioState(equity: -500, takenAt: moment), source: .fresh, age: .zero)

    private static func belief(held: HeldEquity? = nil, drawdown: Amount? = nil) -> EquityBelief {
        EquityBelief(resolution: .nothing, held: held, drawdown: drawdown)
    }

    @Test("one event raises its alert", arguments: events)
    func fires(event: Event) throws {
        let registry = MetricRegistry()
        let metrics = try RiskMetrics(registry)
        metrics.record(RiskMode.shadow)
        let before = Scrape(String(decoding: registry.exposition(), as: UTF8.self))
        event.happens(metrics)
        let after = Scrape(String(decoding: registry.exposition(), as: UTF8.self))
        try ScrapedAlerts.check([event.alert], before, after, event.pace, job: "portfolio-risk-governor")
    }

    @Test("the lease and what disagrees raise their alerts")
    func lease() throws {
        let registry = MetricRegistry()
        _ = try RiskMetrics(registry)
        let metrics = try LeaseMetrics(registry)
        func scrape(_ snapshot: LeaseControl.Snapshot) -> Scrape {
            metrics.record(snapshot)
            return Scrape(String(decoding: registry.exposition(), as: UTF8.self))
        }
        let before = scrape(.init(reading: reading(isOwn: true), cycleAge: .zero, isCycleOverdue: false, failure: nil))
        metrics.record(.stateWriters, true)
        let after = scrape(.init(reading: reading(isOwn: false), cycleAge: .zero, isCycleOverdue: true, failure: nil))
        try ScrapedAlerts.check(
            ["P28NobodyWrites", "P28CycleOverdue", "P28Disagreement"], before, after, .once,
            job: "portfolio-risk-governor")
    }

    private func reading(isOwn: Bool) -> LeaseReading {
        LeaseReading(term: LeaseTerm(holder: "a", epoch: 1), isOwn: isOwn, cycleAge: .zero)
    }
}
