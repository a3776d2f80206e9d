import Glibc
import Logging
import Redis
import Telemetry
import TestSupport
import Testing

@testable import PortfolioStateUpdater

@Suite("An address that moves to another master")
struct MovedMasterTests {
    /// An address, as a virtual one, that leads to one server at a time.
    private struct Address {
        let path: String
        var configuration: RedisConfiguration { get throws { try RedisConfiguration(url: "unix://\(path)") } }

        init(_ redis: RedisFixture) throws {
            path = redis.server.folder + "/address"
            try point(to: redis)
        }

        func point(to redis: RedisFixture) throws {
            unlink(path)
            try #require(symlink(redis.server.socketPath, path) == 0)
        }
    }

    private static func becomeReplica(_ redis: RedisFixture) throws {
        try redis.command("REPLICAOF", "127.0.0.1", "1")
    }

    @Test("the updater writes to the new master, because its old server, now a replica, refuses the write")
    func writer() async throws {
        let (old, new) = (try RedisFixture(), try RedisFixture())
        let address = try Address(old)
        let log = LogRecorder()
        let updater = try PortfolioStateUpdater(
            settings: PortfolioStateSettings(interval: .milliseconds(20)),
            source: ScriptedSource(.success(.equity(100))),
            redis: address.configuration, registry: MetricRegistry(), logger: log.logger)
        let task = Task { await updater.run() }
        try await eventually("a write") { try !old.hash("quantum:state:portfolio").isEmpty }
        try address.point(to: new)
        try Self.becomeReplica(old)
        try await eventually("a write to the new master") { try !new.hash("quantum:state:portfolio").isEmpty }
        task.cancel()
        await task.value
        #expect(log.text.contains("READONLY"))
    }

    @Test("the ledger is read from the new master, although the old server answers reads")
    func reader() async throws {
        let (old, new) = (try RedisFixture(), try RedisFixture())
        let address = try Address(old)
        for (redis, balance) in [(old, "1"), (new, "2")] {
            try redis.command(
                "HSET", "quantum:ledger:cash", "balance_usd", balance, "timestamp", "\(LedgerSourceTests.now)")
        }
        let source = LedgerSource(settings: LedgerSettings(emptyIsFlat: true), redis: try address.configuration)
        #expect(try await source.read().equity == 1)
        try address.point(to: new)
        try Self.becomeReplica(old)
        let failure = await #expect(throws: PortfolioStateFailure.self) { try await source.read() }
        #expect(failure?.reason == .redis)
        #expect(try await source.read().equity == 2)
        await source.close()
    }
}
