import Deployment
import GateHost
import P28Budget
import TestSupport
import Testing

/// Alerts against the series of a running host, scraped before and after one event.
@Suite(
    "Scraped alerts", .serialized,
    .enabled(if: Tool.promtool != nil, "promtool is not installed (Debian: prometheus)"))
struct ScrapedAlertsTests {
    @Test("K7: one event on a running host raises its alerts", arguments: AlertScene.all)
    func fires(scene: AlertScene) async throws {
        let redis = try RedisFixture()
        try scene.prepare(redis)
        let host = try HostFixture(configuration(scene, redis))
        try await eventually("a host") { host.status.current == .ready }
        let before = Scrape(host.metrics)
        try await scene.event(redis, host)
        let after = Scrape(host.metrics)
        await host.stop()
        try ScrapedAlerts.check(scene.alerts, before, after, scene.pace, job: "gatehost")
    }

    @Test("a host that is started again, and then forgets crashes, raises its alerts")
    func restarts() async throws {
        let redis = try RedisFixture()
        let scene = AlertScene(alerts: []) { _, _ in }
        let first = try HostFixture(configuration(scene, redis))
        let before = Scrape(first.metrics)
        await first.stop()
        let second = try HostFixture(configuration(scene, redis), restarts: 1)
        let after = Scrape(second.metrics)
        await second.stop()
        try ScrapedAlerts.check(["GateHostRestarts"], before, after, .once, job: "gatehost")
    }

    @Test("every alert of the hosts is brought about, but those of Prometheus itself and of several processes")
    func complete() throws {
        let rules = try #require(RuleFile.load().groups.first { $0.name == "gatehost" }).rules.map(\.alert)
        let elsewhere = [
            "GateHostAllDown", "GateHostDown", "GateHostRestarts", "GateHostForgetsCrashes", "GateHostLedgerConflicts",
        ]
        #expect(Set(AlertScene.all.flatMap(\.alerts) + elsewhere) == Set(rules))
    }

    @Test("every series of a closed set is there from the start, at 0")
    func closedSets() async throws {
        let redis = try RedisFixture()
        let scene = AlertScene(
            alerts: [], gates: "  - { gate: alpha, mode: shadow }\n  - { gate: beta, mode: enforce }"
        ) {
            _, _ in
        }
        let host = try HostFixture(configuration(scene, redis))
        let metrics = host.metrics
        for gate in ["alpha", "beta"] {
            for reason in ["input_missing", "price_unknown", "gate_error", "gate_crash", "decision_deadline"] {
                for effect in ["failed_open", "failed_closed", "would_fail_closed", "failed_capped"] {
                    let labels = #"effect="\#(effect)",gate="\#(gate)",reason="\#(reason)""#
                    #expect(metrics.contains("gatehost_gate_failures_total{\(labels)} 0\n"))
                }
            }
            #expect(metrics.contains(#"gatehost_gate_effects_total{effect="failed_open",gate="\#(gate)""#))
        }
        for reason in ["missing_plan_id", "entry_too_large", "too_many_deliveries", "entry_trimmed"] {
            #expect(metrics.contains("gatehost_dead_letters_total{reason=\"\(reason)\"} 0\n"))
        }
        for outcome in ["permit", "block", "skip", "duplicate", "dead_letter"] {
            #expect(metrics.contains("gatehost_decisions_total{outcome=\"\(outcome)\"} 0\n"))
        }
        await host.stop()
    }

    private func configuration(_ scene: AlertScene, _ redis: RedisFixture) throws -> HostConfiguration {
        try TestConfiguration.make(
            scene.gates, types: [FaultyGate.self, P28Budget.self] + scriptedGates, url: redis.server.url,
            sections: scene.sections)
    }
}
