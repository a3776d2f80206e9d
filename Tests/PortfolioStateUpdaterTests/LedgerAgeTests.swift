import GateAPI
import Redis
import TestSupport
import Testing

@testable import PortfolioStateUpdater

@Suite("The age of the ledger")
struct LedgerAgeTests {
    private let redis: RedisFixture
    private let now = LedgerSourceTests.now

    init() throws {
        redis = try RedisFixture()
        try redis.command("HSET", "quantum:ledger:cash", "balance_usd", "100000", "timestamp", "\(now)")
    }

    private func cash(secondsAgo: Int64) throws {
        try redis.command("HSET", "quantum:ledger:cash", "timestamp", "\(now - secondsAgo)")
    }

    private func position(
        _ symbol: String, _ quantity: String, mark: String = "100", secondsAgo: Int64 = 0, later: Bool = false
    ) throws {
        try redis.command(
            "HSET", (later ? "quantum:state:positions:" : "quantum:position:snapshot:") + symbol, "position_amt",
            quantity, "entry_price", "100", "mark_price", mark, "ts_epoch", "\(now - secondsAgo)")
    }

    /// The state that an updater writes, or its first failure.
    private func state(_ settings: LedgerSettings = LedgerSettings()) async throws -> (
        record: [String: String], running: PortfolioStateUpdaterTests.Running
    ) {
        let running = try PortfolioStateUpdaterTests.Running(
            try LedgerSourceTests.source(redis, settings), redis: redis)
        try await eventually("a cycle") {
            running.metric("portfolio_state_writes_total") ?? 0 > 0
                || running.log.text.contains("no portfolio state is written")
        }
        await running.stop()
        return (try redis.hash("quantum:state:portfolio"), running)
    }

    @Test("is that of a cash balance from before the close of a position: the state is not stamped now")
    func oldCash() async throws {
        try cash(secondsAgo: 3_540)
        try position("BTCUSDT", "0")
        let (record, _) = try await state(LedgerSettings(maximumCashAge: .seconds(3_600)))
        #expect(record["equity_usd"] == "100000.00")
        #expect(record["timestamp"] == "\(now - 3_540)")
    }

    @Test("is limited for cash by a setting of its own, by default at the age that readers still take for fresh")
    func cashLimit() async throws {
        try cash(secondsAgo: 60)
        try position("BTCUSDT", "0")
        let (record, running) = try await state()
        #expect(record.isEmpty)
        #expect(running.failures(.inputStale) == 1)
        #expect(running.log.text.contains("the cash balance is"))
    }

    @Test("is limited for positions, however old cash may be")
    func positionLimit() async throws {
        try cash(secondsAgo: 100)
        try position("BTCUSDT", "1", secondsAgo: 60)
        let (record, running) = try await state(LedgerSettings(maximumCashAge: .seconds(3_600)))
        #expect(record.isEmpty)
        #expect(running.log.text.contains("the position record of BTCUSDT is"))
    }

    @Test("does not matter for the record of a delisted symbol: it is left out and told, the others count")
    func delisted() async throws {
        try position("OLDUSDT", "7", mark: "1", secondsAgo: 30 * 86_400)
        try position("BTCUSDT", "2", mark: "105")
        let (record, running) = try await state()
        #expect(record["equity_usd"] == "100010.00")
        #expect(record["positions_count"] == "1")
        #expect(running.metric(#"portfolio_state_exclusions{kind="stale_position"}"#) == 1)
        #expect(running.log.text.contains("the position record of OLDUSDT is"))
        #expect(
            running.log.text.split(separator: "\n").count { $0.contains("parts of the portfolio do not count") } == 1)
    }

    @Test("of positions that are all old means a dead publisher: no state is written")
    func deadPublisher() async throws {
        try position("AUSDT", "7", secondsAgo: 400)
        try position("BUSDT", "0", secondsAgo: 390)
        let (record, running) = try await state(LedgerSettings(emptyIsFlat: true))
        #expect(record.isEmpty)
        #expect(running.failures(.inputStale) == 1)
    }

    @Test("decides which record of a symbol counts, also if that one cannot be read")
    func unreadable() async throws {
        try position("BTCUSDT", "0", secondsAgo: 5)
        try position("BTCUSDT", "2", mark: "nan", secondsAgo: 1, later: true)
        let (record, running) = try await state()
        #expect(record.isEmpty)
        #expect(running.failures(.inputNonFinite) == 1)
        #expect(running.log.text.contains("'mark_price' of the position record of BTCUSDT is not a finite number"))
    }

    @Test("decides also between BTCUSDT and btcusdt, which no gate reads: a newer one makes the position unreadable")
    func otherSpelling() async throws {
        try position("BTCUSDT", "0", secondsAgo: 5)
        try position("btcusdt", "2", secondsAgo: 1)
        let (record, running) = try await state()
        #expect(record.isEmpty)
        #expect(running.failures(.inputMalformed) == 1)
        try position("BTCUSDT", "3", mark: "110")
        #expect(try await state().record["equity_usd"] == "100030.00")
    }
}
