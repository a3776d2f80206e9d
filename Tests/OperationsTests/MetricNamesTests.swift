import GateAPI
import GateHost
import Logging
import PortfolioRisk
import PortfolioStateUpdater
import Redis
import Telemetry
import Testing
import TestSupport

@Suite("Metric names")
struct MetricNamesTests {
    /// Every name that stands on a line of the services' expositions, with and without samples.
    private static func exposed() throws -> Set<String> {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let (host, risk) = (MetricRegistry(), MetricRegistry())
        let deployment = try TestConfiguration.make("  - { gate: alpha, mode: shadow }")
        _ = try Host(configuration: deployment, registry: host, logger: logger)
        _ = try RiskMetrics(risk)
        _ = try LeaseMetrics(risk)
        let (settings, redis) = (PortfolioStateSettings(), try RedisConfiguration(url: "redis://localhost"))
        _ = try PortfolioStateUpdater(
            settings: settings, source: settings.makeSource(redis: redis, logger: logger), redis: redis, registry: risk,
            logger: logger)
        var names: Set<String> = []
        for line in [host, risk].flatMap({ String(decoding: $0.exposition(), as: UTF8.self).split(separator: "\n") }) {
            let words = line.split(separator: " ")
            guard words.count == 4, words[1] == "TYPE" else { continue }
            names.insert(String(words[2]))
            if words[3] == "histogram" { names.formUnion(["_bucket", "_sum", "_count"].map { words[2] + $0 }) }
        }
        return names
    }

    @Test("the rules ask only for metrics that the services expose")
    func rules() throws {
        let exposed = try Self.exposed()
        try #require(exposed.count > 30)
        for alert in try RuleFile.load().alerts {
            for metric in alert.metrics { #expect(exposed.contains(metric), "\(alert.alert): \(metric)") }
            #expect(!alert.metrics.isEmpty || alert.expr.contains("up{job="), "\(alert.alert)")
        }
    }

    @Test("the cases feed only metrics that the services expose")
    func cases() throws {
        let exposed = try Self.exposed()
        for match in try Repository.text(RuleFile.testPath).matches(of: /series: '([a-z0-9_]+)\{/)
        where match.output.1 != "up" {
            #expect(exposed.contains(String(match.output.1)), "\(match.output.1)")
        }
    }

    @Test("the rules ask only for label values that can come")
    func labelValues() throws {
        let effects = GateEffect.allCases.map(\.rawValue)
        let reasons = AbstainReason.allCases.map(\.rawValue) + GateFailure.allCases.map(\.rawValue) + ["entry_trimmed"]
        for alert in try RuleFile.load().alerts {
            for value in try alert.values(of: "effect") { #expect(effects.contains(value), "\(alert.alert): \(value)") }
            for value in try alert.values(of: "reason") { #expect(reasons.contains(value), "\(alert.alert): \(value)") }
        }
    }
}
