import GateAPI
import Logging
import Redis
import Synchronization
import Telemetry
import TestSupport
import Testing
import TradingState

@testable import PortfolioRisk

/// The alerts of a service that computes its budgets from the last known good state, on its own series.
@Suite(
    "Scraped alerts of the last known good state",
    .enabled(if: Tool.promtool != nil, "promtool is not installed (Debian: prometheus)"))
struct LastKnownGoodAlertTests {
    private static let documented = "rate(p28_lkg_cache_used_total[5m]) > 0.5"

    /// Five symbols: the exposition after a cycle on a fresh state, and after four more on the last known good one.
    private func scrapes() async throws -> (before: Scrape, after: Scrape) {
        let redis = try RedisFixture()
        let registry = MetricRegistry()
        let settings = try RiskConfiguration.load(environment: ["SYMBOL_UNIVERSE": "A,B,C,D,E"]).settings
        let seconds = Mutex<Int64>(1_795_354_260)
        let lease = LeaseControl(length: .seconds(60), interval: .seconds(10))
        var pipeline = RedisPipeline()
        LeaseScript.addTake(lease.holder, for: lease.length, to: &pipeline)
        lease.record(try LeaseReading(try #require(try redis.connection.send(pipeline).first)))
        let engine = RiskEngine(
            settings, redis: try RedisConfiguration(url: redis.server.url), mode: ModeControl(environment: .shadow),
            lease: lease, metrics: try RiskMetrics(registry),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { _ in Timestamp(seconds: seconds.withLock { $0 }) }
        try redis.command("HSET", PortfolioState.key, "equity_usd", "100000", "timestamp", "1795354260")
        try await engine.cycle(heat: .positions)
        let before = Scrape(String(decoding: registry.exposition(), as: UTF8.self))
        for _ in 0..<4 {
            seconds.withLock { $0 += 40 }
            try await engine.cycle(heat: .positions)
        }
        return (before, Scrape(String(decoding: registry.exposition(), as: UTF8.self)))
    }

    @Test("row 9: the shipped alert fires")
    func shipped() async throws {
        let (before, after) = try await scrapes()
        try ScrapedAlerts.check(["P28LastKnownGoodSpike"], before, after, .goesOn, job: "portfolio-risk-governor")
    }

    @Test("row 9: the alert of the original's document fires")
    func original() async throws {
        let (before, after) = try await scrapes()
        let series = before.series(
            of: ["p28_lkg_cache_used_total"], then: after, .goesOn, job: "portfolio-risk-governor")
        let folder = try ScratchFolder()
        try folder.write(
            "groups: [{ name: p28, rules: [{ alert: Spike, expr: '\(Self.documented)' }] }]", to: "p28.yml")
        let firing = #"ALERTS{alertname="Spike", alertstate="firing"}"#
        try folder.write(
            """
            rule_files: [p28.yml]
            evaluation_interval: 15s
            tests:
              - interval: 15s
                input_series:
            \(series.joined(separator: "\n"))
                promql_expr_test:
                  - { eval_time: 5m, expr: 'count(\(firing))', exp_samples: [] }
                  - { eval_time: 10m, expr: 'count(\(firing))', exp_samples: [{ labels: "{}", value: 1 }] }
            """, to: "p28.test.yml")
        let result = try #require(Tool.promtool).run(["test", "rules", "p28.test.yml"], in: folder.url)
        #expect(result.status == 0, "\(result.output)")
    }
}
