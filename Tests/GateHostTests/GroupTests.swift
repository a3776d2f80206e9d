import Deployment
@testable import GateHost
import Logging
import Platform
import Redis
import Telemetry
import TestSupport
import Testing

/// K5: what the group believes together: Redis' memory policy, and the hosts themselves.
@Suite("The group", .serialized)
struct GroupTests {
    private static let gates = "  - { gate: alpha, mode: enforce }"

    private func host(_ redis: RedisFixture, _ sections: String = "") throws -> HostFixture {
        try HostFixture(TestConfiguration.make(Self.gates, url: redis.server.url, sections: sections))
    }

    @Test(
        "a host does not start on a Redis that may evict outcomes",
        arguments: ["allkeys-lru", "allkeys-random", "volatile-lru", "volatile-ttl"])
    func refusal(policy: String) async throws {
        let redis = try RedisFixture(extraArguments: ["--maxmemory-policy", policy])
        try redis.publish([Plans.fullClose("p")], to: RedisFixture.planStream)
        let configuration = try TestConfiguration.make(Self.gates, url: redis.server.url)
        let host = try Host(
            configuration: configuration, registry: MetricRegistry(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let error = await #expect(throws: HostRefusal.self) { try await host.run() }
        #expect(
            error?.description == """
                Redis may evict keys (maxmemory-policy \(policy)): a plan whose outcome is evicted gets a second permit. \
                Set `maxmemory-policy noeviction` in Redis, or `answers.allow_eviction: true` to start all the same.
                """)
        #expect(try redis.decisionCount() == 0)
        if case .waiting(let reason) = host.status.current { #expect(reason.contains(policy)) } else { Issue.record() }
    }

    @Test("a host that is told to starts all the same, and readiness and metrics say so")
    func allowed() async throws {
        let redis = try RedisFixture(extraArguments: ["--maxmemory-policy", "allkeys-lru"])
        let host = try host(redis, "answers: { allow_eviction: true }")
        try redis.publish([Plans.fullClose("p")], to: RedisFixture.planStream)
        try await redis.waitForDecisions(1)
        try await eventually("a warning") { host.status.warnings[.memoryPolicy]?.contains("allkeys-lru") == true }
        #expect(host.metrics.contains("gatehost_redis_may_evict 1\n"))
        #expect(
            Readiness(host.status, warnings: host.status.warnings.all).text.contains(
                #""status":"ready","warnings":["Redis may evict keys (maxmemory-policy allkeys-lru)"#))
        await host.stop()
    }

    @Test("a policy that is changed while the host runs is told, and its end too; the host decides on")
    func changed() async throws {
        let redis = try RedisFixture()
        let host = try host(redis)
        try await eventually("a registered host") { host.metrics.contains("gatehost_group_hosts 1\n") }
        #expect(host.status.warnings.all == [])
        try redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-lfu")
        try await eventually("a warning") { host.status.warnings[.memoryPolicy]?.contains("volatile-lfu") == true }
        try redis.publish([Plans.fullClose("p")], to: RedisFixture.planStream)
        try await redis.waitForDecisions(1)
        try redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
        try await eventually("no warning") { host.status.warnings.all.isEmpty }
        #expect(host.metrics.contains("gatehost_redis_may_evict 0\n"))
        await host.stop()
    }

    @Test("a Redis that does not tell its policy is told as such, and stops no host")
    func silent() async throws {
        let redis = try RedisFixture()
        try redis.command("ACL", "SETUSER", "default", "-info")
        let host = try host(redis)
        try await eventually("a warning") {
            host.status.warnings[.memoryPolicy]?.contains("does not tell its maxmemory-policy") == true
        }
        await host.stop()
    }

    @Test("a host registers under its name while it runs, drops what is gone, and leaves when it stops")
    func registration() async throws {
        let redis = try RedisFixture()
        let key = "quantum:governor:hosts:governor"
        try redis.command("HSET", key, "gone:1", "b c g 1 1", "broken:1", "no host")
        let configuration = try TestConfiguration.make(Self.gates, url: redis.server.url)
        let host = try HostFixture(configuration)
        try await eventually("its registration") { try redis.command("HLEN", key).integer == 1 }
        let text = try redis.hash(key).values.first ?? ""
        #expect(text.contains(" \(configuration.hash) alpha=enforce "))
        #expect((1...20_000).contains(try redis.command("PTTL", key).integer ?? 0))
        await host.stop()
        #expect(try redis.command("EXISTS", key).integer == 0)
    }

    @Test("hosts of one group with other configurations, builds or clocks are in readiness and metrics")
    func disagreement() async throws {
        let redis = try RedisFixture()
        let seen = WallClock.now().milliseconds + 60_000
        try redis.command(
            "HSET", "quantum:governor:hosts:governor", "other:7", "otherbuild 0123456789abcdef alpha=shadow 1 \(seen)")
        let configuration = try TestConfiguration.make(Self.gates, url: redis.server.url)
        let host = try HostFixture(configuration)
        try await eventually("a warning") { host.status.warnings[.configurations] != nil }
        #expect(
            host.status.warnings[.configurations] == """
                1 other host with another configuration in group governor than \(configuration.hash): other:7 \
                (0123456789abcdef alpha=shadow)
                """)
        #expect(host.status.warnings[.builds]?.contains("other:7 (otherbuild)") == true)
        #expect(host.metrics.contains("gatehost_group_disagreements{about=\"configuration\"} 1\n"))
        #expect(host.metrics.contains("gatehost_group_disagreements{about=\"build\"} 1\n"))
        try redis.command("HDEL", "quantum:governor:hosts:governor", "other:7")
        try await eventually("no warning") { host.status.warnings.all.isEmpty }
        #expect(host.metrics.contains("gatehost_group_disagreements{about=\"configuration\"} 0\n"))
        await host.stop()
    }
}
