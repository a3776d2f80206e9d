import Glibc
import Redis
import Testing
import TestSupport

@Suite("Failover", .serialized)
struct FailoverTests {
    @Test(
        "kill -9 of the master under three Sentinels: hosts move to the promoted replica and decide each entry once"
    )
    func killedMaster() async throws {
        let fixture = try FailoverFixture(sentinels: 3)
        let hosts = [try fixture.startHost(), try fixture.startHost()]
        defer { for host in hosts { host.crash() } }
        let first = try fixture.master()
        try fixture.publish(0..<3_000, to: first)
        try await fixture.decided(200, on: first)
        fixture.set.servers[0].kill()
        let killed = ContinuousClock.now
        let second = try await fixture.promoted(1)
        let promoted = ContinuousClock.now
        try fixture.publish(3_000..<4_000, to: second, isReplicated: false)
        let before = try fixture.decisionCount(second)
        try await fixture.decided(before + 1, on: second)
        print("failover: promoted after \(promoted - killed), decisions again \(ContinuousClock.now - promoted) later")
        try await fixture.decided(4_000, on: second)
        try checkBooks(plans: 4_000, on: second)
        #expect(hosts.allSatisfy { $0.isRunning })
    }

    @Test(
        "hosts leave a master that hangs, and write nothing to it when it wakes up and still believes to be the master")
    func hungMaster() async throws {
        let fixture = try FailoverFixture()
        let host = try fixture.startHost()
        defer { host.crash() }
        let first = try fixture.master()
        try fixture.publish(0..<12_000, to: first)
        try await fixture.decided(200, on: first)
        first.close()
        let process = fixture.set.servers[0].processIdentifier
        kill(process, SIGSTOP)
        defer { kill(process, SIGCONT) }
        let second = try await fixture.promoted(1)
        try await fixture.decided(12_000, on: second)

        kill(process, SIGCONT)
        let awake = try fixture.server(0)
        // Redis still executes the commands that had reached it before it stopped.
        try await fixture.hostsLeft(awake)
        let count = try fixture.decisionCount(awake)
        #expect(count < 12_000)
        try fixture.publish(12_000..<13_000, to: second, isReplicated: false)
        try await fixture.decided(13_000, on: second)
        // The Sentinel demotes it only seconds later.
        #expect(try awake.command("ROLE").element(0)?.text == "master")
        #expect(try fixture.decisionCount(awake) == count)
        try checkBooks(plans: 13_000, on: second)
    }

    @Test("a planned failover under load loses and repeats no decision, and hosts leave the old master before it knows")
    func planned() async throws {
        let fixture = try FailoverFixture()
        let host = try fixture.startHost()
        defer { host.crash() }
        let first = try fixture.server(0)
        try fixture.publish(0..<3_000, to: first)
        try await fixture.decided(200, on: first)
        let sentinel = try RedisConnection(RedisConfiguration(url: fixture.set.sentinels[0].url))
        try await eventually("a replica that can be promoted") {
            // Sentinel refuses until it has heard enough of the replica.
            (try? sentinel.command("SENTINEL", "FAILOVER", "mymaster"))?.text == "OK"
        }
        let second = try await fixture.promoted(1)
        try await fixture.hostsLeft(first)
        #expect(try first.command("ROLE").element(0)?.text == "master")
        try await fixture.decided(3_000, on: second)
        try fixture.publish(3_000..<4_000, to: second, isReplicated: false)
        try await fixture.decided(4_000, on: second)
        try checkBooks(plans: 4_000, on: second)
        #expect(host.isRunning)
    }

    @Test("the budget service follows the failover too")
    func governor() async throws {
        let fixture = try FailoverFixture()
        func publishState(_ connection: RedisConnection) throws {
            let now = try #require(try connection.command("TIME").element(0)?.text)
            _ = try connection.command(
                "HSET", "quantum:state:portfolio", "equity_usd", "100000", "timestamp", now, "drawdown", "0"
            )
        }
        let key = "quantum:portfolio:budget:ETHUSDT"
        let first = try fixture.master()
        try publishState(first)
        let governor = try fixture.startGovernor()
        defer { governor.crash() }
        try await eventually("a budget") { try first.command("EXISTS", key).integer == 1 }
        fixture.set.servers[0].kill()
        let second = try await fixture.promoted(1)
        _ = try second.command("DEL", key)
        try publishState(second)
        try await eventually("a budget on the promoted replica") {
            try second.command("EXISTS", key).integer == 1
        }
        #expect(governor.isRunning)
    }
}
