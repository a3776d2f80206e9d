import Glibc
import Testing
import TestSupport

@Suite("Crashes", .serialized)
struct HostCrashTests {
    @Test(
        "I1: two hosts on one group, one killed and restarted ten times under 20,000 plans: one decision an entry"
    )
    func killedHost() async throws {
        let fixture = try FaultFixture()
        let count = 20_000
        let steady = try fixture.startHost()
        defer { steady.crash() }
        var victim = try fixture.startHost()
        var kills = 0
        for start in stride(from: 0, to: count, by: count / 10) {
            try fixture.publish(start..<(start + count / 10))
            // Kill the host during the work, not at a fixed time.
            try await eventually("work under way") { try fixture.decisionCount() > start + 200 }
            victim.crash()
            kills += 1
            victim = try fixture.startHost()
        }
        defer { victim.crash() }
        try await eventually("\(count) decisions", within: 120) { try fixture.decisionCount() >= count }
        #expect(kills == 10)
        try fixture.checkBooks(plans: count)
    }

    @Test("a Redis that syncs every write, killed and restarted under load, loses and repeats no decision")
    func restartedRedis() async throws {
        let fixture = try FaultFixture(appendOnly: true)
        let count = 6_000
        let hosts = [try fixture.startHost(), try fixture.startHost()]
        defer { for host in hosts { host.crash() } }
        for start in stride(from: 0, to: count, by: count / 3) {
            try fixture.publish(start..<(start + count / 3))
            try await eventually("work under way") { try fixture.decisionCount() > start + 100 }
            fixture.redis.server.kill()
            try fixture.redis.server.restart()
            try fixture.redis.reconnect()
        }
        try await eventually("\(count) decisions", within: 120) { try fixture.decisionCount() >= count }
        try fixture.checkBooks(plans: count)
        #expect(hosts.allSatisfy { $0.isRunning })
    }

    @Test("SIGTERM drains: the host commits the batch in flight, leaves nothing pending, and deletes its consumer")
    func termination() async throws {
        let fixture = try FaultFixture()
        let host = try fixture.startHost()
        try fixture.publish(0..<5_000)
        try await eventually("work under way") { try fixture.decisionCount() > 200 }
        host.signal(SIGTERM)
        let result = try await host.finish(within: 20)
        #expect(result.status == 0)
        let decided = try fixture.decisionCount()
        #expect(decided < 5_000)
        #expect(try fixture.redis.command("XPENDING", fixture.stream, "governor").element(0)?.integer == 0)
        #expect(try fixture.redis.command("XINFO", "CONSUMERS", fixture.stream, "governor").count == 0)
        let next = try fixture.startHost()
        defer { next.crash() }
        try await eventually("5,000 decisions", within: 60) { try fixture.decisionCount() >= 5_000 }
        try fixture.checkBooks(plans: 5_000)
    }
}
