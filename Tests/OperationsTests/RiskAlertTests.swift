import GateAPI
import Telemetry
import Testing

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
        Event(alert: "P28LastKnownGoodSpike", pace: .goesOn) {
            $0.recordCycle(.milliseconds(1))
            $0.lastKnownGoodUsed.increment()
        },
        Event(alert: "P28PortfolioTooOld") { $0.record(.tooOld(age: .seconds(901)), missing: false, stale: true) },
        Event(alert: "P28MissingPortfolioState") { $0.record(.nothing, missing: true, stale: false) },
        Event(alert: "P28InvalidEquity") { $0.record(.withoutEquity, missing: false, stale: false) },
        Event(alert: "P28StaleInput", pace: .goesOn) { $0.count(.position) },
        Event(alert: "P28RedisWriteFailures") { $0.writeFailures.increment() },
        Event(alert: "P28SymbolsDropped") { $0.symbolsDropped.increment() },
        Event(alert: "P28ModeChanged") { $0.record(RiskMode.enforce) },
        Event(alert: "P28ModeUnauthorized") { $0.unauthorized.increment() },
    ]

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
}
