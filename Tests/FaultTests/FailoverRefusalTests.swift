import Deployment
import EmbeddedRedis
import GateHost
import Glibc
import Redis
import Telemetry
import Testing
import TestSupport

/// Redis refuses connections, logins, reads or writes. The host reports the cause, recovers by itself, and decides each
/// entry exactly once.
@Suite("Redis refuses", .serialized)
struct FailoverRefusalTests {
    private static let stream = "quantum:stream:apply.plan"
    private static let decisions = "quantum:stream:governor.decision"

    private func configuration(_ url: String, timeout: Duration = .seconds(5)) throws -> HostConfiguration {
        var configuration = try TestConfiguration.make(
            "  - { gate: alpha, mode: enforce }", url: url, sections: "intake: { block: 50ms, batch: 16 }")
        configuration.redis.connectTimeout = timeout
        configuration.redis.commandTimeout = timeout
        return configuration
    }

    private func waits(_ host: HostFixture, for text: String) async throws {
        try await eventually("a host that waits, since \(text)") {
            if case .waiting(let reason) = host.status.current { reason.contains(text) } else { false }
        }
    }

    private func isReady(_ host: HostFixture) async throws {
        try await eventually("a host that is ready") { host.status.current == .ready }
    }

    private func publish(_ range: Range<Int>, _ redis: RedisFixture) throws {
        try redis.publish(range.map { Plans.open("plan-\($0)") }, to: Self.stream)
    }

    private func checkDecided(_ count: Int, _ redis: RedisFixture) async throws {
        try await eventually("\(count) decisions") { try redis.decisionCount() >= count }
        let records = try redis.entries(Self.decisions)
        #expect(records.count == count)
        #expect(Set(records.compactMap { $0["plan_id"] }).count == count)
        #expect(records.allSatisfy { $0["outcome"] == "permit" })
        try await eventually("nothing pending") {
            try redis.command("XPENDING", Self.stream, "governor").element(0)?.integer == 0
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let begin: [String]
        let end: [String]
        /// False if the refusal concerns only writes, which an idle host does not make.
        var showsWhenIdle = true
        var testDescription: String { name }
    }

    static let refusals: [Refusal] = [
        // Nothing listens on port 1, so the replica keeps waiting for its master.
        Refusal(name: "READONLY", begin: ["REPLICAOF", "127.0.0.1", "1"], end: ["REPLICAOF", "NO", "ONE"]),
        Refusal(
            name: "NOREPLICAS", begin: ["CONFIG", "SET", "min-replicas-to-write", "1"],
            end: ["CONFIG", "SET", "min-replicas-to-write", "0"]),
        Refusal(
            name: "OOM", begin: ["CONFIG", "SET", "maxmemory", "1"], end: ["CONFIG", "SET", "maxmemory", "0"],
            showsWhenIdle: false),
    ]

    @Test("a server that takes no writes, at the start and during the work", arguments: refusals)
    func refusal(_ refusal: Refusal) async throws {
        let redis = try RedisFixture()
        func send(_ words: [String]) throws {
            var pipeline = RedisPipeline()
            pipeline.add(words)
            #expect(try redis.connection.send(pipeline).first?.text == "OK")
        }
        try publish(0..<50, redis)
        try send(refusal.begin)
        let host = try HostFixture(configuration(redis.server.url))
        try await waits(host, for: refusal.name)
        try send(refusal.end)
        try await checkDecided(50, redis)
        if refusal.showsWhenIdle {
            try await isReady(host)
            try send(refusal.begin)
            try await waits(host, for: refusal.name)
            try send(refusal.end)
        }
        try publish(50..<100, redis)
        try await checkDecided(100, redis)
        await host.stop()
    }

    @Test("the host waits for a server that is down at the start, and for one that loads its data")
    func refusedAndLoading() async throws {
        // Redis serves its clients once every 1,024 commands that it loads.
        let redis = try RedisFixture(appendOnly: true, extraArguments: ["--key-load-delay", "300"])
        var filler = RedisPipeline()
        for number in 0..<6_000 { filler.add("SET", "filler-\(number)", "x") }
        _ = try redis.connection.send(filler)
        try publish(0..<50, redis)
        redis.server.kill()
        let host = try HostFixture(configuration(redis.server.url))
        try await waits(host, for: "cannot connect to \(redis.server.url)")
        let server = redis.server
        async let restarted: Void = restart(server)
        try await waits(host, for: "LOADING")
        try await restarted
        try redis.reconnect()
        try await checkDecided(50, redis)
        await host.stop()
    }

    private func restart(_ server: EmbeddedRedisServer) async throws {
        try server.restart()
    }

    @Test(
        "a server that hangs is noticed within block plus command timeout, and its late work is not done twice"
    )
    func hangs() async throws {
        let redis = try RedisFixture()
        let host = try HostFixture(configuration(redis.server.url, timeout: .milliseconds(500)))
        try await isReady(host)
        try publish(0..<2_000, redis)
        try await eventually("work under way") { try redis.decisionCount() > 100 }
        let process = redis.server.processIdentifier
        kill(process, SIGSTOP)
        defer { kill(process, SIGCONT) }
        let start = ContinuousClock.now
        try await waits(host, for: "did not answer in time")
        // The timeouts add up to 550 ms; the rest allows for a busy machine.
        #expect(ContinuousClock.now - start < .seconds(5))
        kill(process, SIGCONT)
        try await checkDecided(2_000, redis)
        await host.stop()
    }

    @Test("a wrong password is reported, retried with growing back-off, and mended without a restart")
    func login() async throws {
        let redis = try RedisFixture()
        try publish(0..<10, redis)
        try redis.command("CONFIG", "SET", "requirepass", "right")
        let url = redis.server.url.replacing("unix://", with: "unix://:later@")
        let start = ContinuousClock.now
        let host = try HostFixture(configuration(url))
        try await waits(host, for: "refused the login: WRONGPASS")
        try await eventually("six attempts") {
            host.metrics.contains(/gatehost_redis_sessions_lost_total ([6-9]|\d\d)/)
        }
        // The back-off is at least half of 50, 100, 200, 400 and 800 ms.
        #expect(ContinuousClock.now - start > .milliseconds(775))
        #expect(!host.metrics.contains(/gatehost_redis_sessions_lost_total \d\d/))
        try redis.command("CONFIG", "SET", "requirepass", "later")
        try await checkDecided(10, redis)
        await host.stop()
    }
}
