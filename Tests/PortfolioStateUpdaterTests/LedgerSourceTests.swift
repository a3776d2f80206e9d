import GateAPI
import Glibc
import Redis
import Synchronization
import TestSupport
import Testing

@testable import PortfolioStateUpdater

@Suite("The ledger in Redis")
struct LedgerSourceTests {
    static func source(_ redis: RedisFixture, _ settings: LedgerSettings = LedgerSettings()) throws -> LedgerSource {
        LedgerSource(settings: settings, redis: try RedisConfiguration(url: redis.server.url))
    }

    private final class Waiting: Sendable {
        let count = Mutex(0)
    }

    static var now: Int64 { Clocks.system.wall().milliseconds / 1_000 }

    @Test("is read from both key generations among many other keys")
    func reads() async throws {
        let redis = try RedisFixture()
        let now = Self.now
        try redis.command("HSET", "quantum:ledger:cash", "balance_usd", "1000.5", "timestamp", "\(now)")
        try redis.command(
            "HSET", "quantum:position:snapshot:BTCUSDT", "position_amt", "1", "side", "LONG", "entry_price", "100",
            "mark_price", "90", "ts_epoch",
            "\(now - 9)")
        try redis.command(
            "HSET", "quantum:state:positions:BTCUSDT", "symbol", "BTCUSDT", "position_amt", "-2", "side", "SHORT",
            "entry_price", "100.0", "mark_price",
            "99.0", "ts_epoch", "\(now - 3)")
        try redis.command(
            "HSET", "quantum:position:snapshot:ETHUSDT", "position_amt", "0.0", "side", "NONE", "ts_epoch", "\(now - 4)"
        )
        // Neither key is a position record.
        try redis.command("XADD", "quantum:stream:position.snapshot", "*", "symbol", "XUSDT")
        try redis.command("SET", "quantum:position:snapshot:", "x")
        for start in stride(from: 0, to: 5_000, by: 1_000) {
            try redis.command(
                "EVAL", "for i = tonumber(ARGV[1]), ARGV[1] + 999 do redis.call('SET', 'other:' .. i, i) end", "0",
                "\(start)")
        }
        for index in 0..<300 {
            try redis.command(
                "HSET", "quantum:state:positions:S\(index)USDT", "position_amt", "0", "ts_epoch", "\(now)")
        }

        let source = try Self.source(redis)
        let reading = try await source.read()
        #expect(reading.balance == (try Amount("1000.5")))
        #expect(reading.unrealizedProfit == 2)
        #expect(reading.positionCount == 1)
        #expect(reading.positionsNotional == 198)
        #expect(reading.asOf == Timestamp(seconds: now - 3))
        await source.close()
    }

    @Test("is refused if the only record of a symbol has the wrong type")
    func wrongType() async throws {
        let redis = try RedisFixture()
        try redis.command("HSET", "quantum:ledger:cash", "balance_usd", "1000.5", "timestamp", "\(Self.now)")
        try redis.command("SET", "quantum:state:positions:BTCUSDT", "x")
        let source = try Self.source(redis)
        let failure = await #expect(throws: PortfolioStateFailure.self) { try await source.read() }
        #expect(failure?.reason == .redis)
        #expect(failure?.message.hasPrefix("the position record of BTCUSDT cannot be read: WRONGTYPE") == true)
        await source.close()
    }

    @Test("is read again after an outage of Redis")
    func reconnects() async throws {
        let redis = try RedisFixture(appendOnly: true)
        try redis.command("HSET", "quantum:ledger:cash", "balance_usd", "7", "timestamp", "\(Self.now)")
        let source = try Self.source(redis, LedgerSettings(emptyIsFlat: true))
        #expect(try await source.read().equity == 7)
        redis.server.kill()
        let lost = await #expect(throws: PortfolioStateFailure.self) { try await source.read() }
        #expect(lost?.reason == .redis)
        let refused = await #expect(throws: PortfolioStateFailure.self) { try await source.read() }
        #expect(refused?.reason == .redis)
        try redis.server.restart()
        #expect(try await source.read().equity == 7)
        await source.close()
    }

    @Test("blocks no thread of the cooperative pool while Redis is silent")
    func ownQueue() async throws {
        let redis = try RedisFixture()
        try redis.command("HSET", "quantum:ledger:cash", "balance_usd", "7", "timestamp", "\(Self.now)")
        var configuration = try RedisConfiguration(url: redis.server.url)
        configuration.connectTimeout = .seconds(10)
        configuration.commandTimeout = .seconds(10)
        let server = redis.server.processIdentifier
        kill(server, SIGSTOP)
        defer { kill(server, SIGCONT) }
        let waiting = Waiting()
        try await withThrowingTaskGroup(of: Void.self) { group in
            // More reads than the pool has threads. If they blocked it, nothing below would run before they fail.
            for _ in 0..<8 {
                group.addTask { [configuration] in
                    let source = LedgerSource(settings: LedgerSettings(emptyIsFlat: true), redis: configuration)
                    waiting.count.withLock { $0 += 1 }
                    let reading = try await source.read()
                    #expect(reading.equity == 7)
                    waiting.count.withLock { $0 -= 1 }
                    await source.close()
                }
            }
            try await eventually("all reads wait") { waiting.count.withLock { $0 } == 8 }
            for _ in 0..<1_000 { await Task.yield() }
            #expect(waiting.count.withLock { $0 } == 8)
            kill(server, SIGCONT)
            try await group.waitForAll()
        }
    }
}
