import GateAPI
import Redis
import TestSupport
import Testing
import TradingState

@testable import PortfolioStateUpdater

@Suite("The portfolio state record")
struct PortfolioStateWriterTests {
    static let writer = PortfolioStateWriter(source: "ledger")

    static func reading(_ equity: Amount, at seconds: Int64 = 1_795_354_280) -> PortfolioReading {
        PortfolioReading.equity(equity, asOf: Timestamp(seconds: seconds))
    }

    static func drawdown(_ redis: RedisFixture) throws -> String? {
        try redis.hash("quantum:state:portfolio")["drawdown"]
    }

    @Test("has the contract's fields in order, in the hash and in the stream, and expires")
    func fields() throws {
        let redis = try RedisFixture()
        let reading = PortfolioReading(
            balance: try Amount("100000.005"), unrealizedProfit: try Amount("-3.999"), equity: try Amount("99996.006"),
            positionCount: 2,
            positionsNotional: try Amount("62005"),
            inputs: [DatedInput("", takenAt: Timestamp(microseconds: 1_795_354_280_900_000))])
        _ = try Self.writer.write(reading, to: redis.connection)
        let expected = [
            "ts_utc", "1795354280", "timestamp", "1795354280", "equity_usd", "99996.01", "balance_usd", "100000.00",
            "unrealized_pnl_usd", "-4.00",
            "positions_count", "2", "positions_notional_usd", "62005.00", "source", "ledger", "drawdown", "0",
        ]
        #expect(try redis.command("HGETALL", "quantum:state:portfolio").elements.map(\.text) == expected)
        let state = try PortfolioState(
            fields: Fields(redis.hash(PortfolioState.key).map { (name: $0.key, value: $0.value) }))
        #expect(state == PortfolioState(equity: try Amount("99996.01"), takenAt: Timestamp(seconds: 1_795_354_280)))
        let entry = try redis.command("XRANGE", "quantum:stream:portfolio.state", "-", "+").element(0)
        #expect(entry?.element(1)?.elements.map(\.text) == expected)
        let secondsToLive = try redis.command("TTL", "quantum:state:portfolio").integer ?? 0
        #expect((115...120).contains(secondsToLive))
        #expect(try redis.command("TTL", "quantum:portfolio:equity_peak").integer == -1)
    }

    @Test("holds the drawdown from the peak, which outlives the writer")
    func drawdown() throws {
        let redis = try RedisFixture(appendOnly: true)
        for (equity, drawdown) in [(100, "0"), (80, "0.2"), (125, "0"), (100, "0.2"), (0, "1"), (-10, "1")]
            as [(Amount, String)]
        {
            _ = try Self.writer.write(Self.reading(equity), to: redis.connection)
            #expect(try Self.drawdown(redis) == drawdown)
        }
        redis.server.kill()
        try redis.server.restart()
        try redis.reconnect()
        _ = try PortfolioStateWriter(source: "ledger").write(Self.reading(100, at: 1_795_354_999), to: redis.connection)
        #expect(try Self.drawdown(redis) == "0.2")
        #expect(try redis.hash("quantum:portfolio:equity_peak") == ["peak_usd": "125", "timestamp": "1795354280"])
    }

    @Test("row 13: forgets an absurd equity that came once")
    func absurd() throws {
        let redis = try RedisFixture()
        var writer = Self.writer
        writer.confirmsRises = true
        for (second, equity) in [(1_795_354_280, 100), (1_795_354_290, 10_000), (1_795_354_300, 100)]
            as [(Int64, Amount)]
        {
            _ = try writer.write(Self.reading(equity, at: second), to: redis.connection)
            #expect(try Self.drawdown(redis) == "0")
        }
        #expect(try redis.hash("quantum:portfolio:equity_peak") == ["peak_usd": "100", "timestamp": "1795354280"])
    }

    @Test("starts a new peak after the operator has deleted the old one")
    func reset() throws {
        let redis = try RedisFixture()
        _ = try Self.writer.write(Self.reading(1_000), to: redis.connection)
        _ = try Self.writer.write(Self.reading(400), to: redis.connection)
        #expect(try Self.drawdown(redis) == "0.6")
        try redis.command("DEL", "quantum:portfolio:equity_peak")
        _ = try Self.writer.write(Self.reading(400), to: redis.connection)
        #expect(try Self.drawdown(redis) == "0")
        #expect(try redis.hash("quantum:portfolio:equity_peak")["peak_usd"] == "400")
    }

    @Test(
        "is not written while the peak is unreadable",
        arguments: [
            ["peak_usd", "much"], ["peak_usd", "nan", "timestamp", "1"], ["peak_usd", "-5", "timestamp", "1"], [],
        ])
    func badPeak(fields: [String]) throws {
        let redis = try RedisFixture()
        if fields.isEmpty {
            try redis.command("SET", "quantum:portfolio:equity_peak", "100")
        } else {
            var pipeline = RedisPipeline()
            pipeline.add(["HSET", "quantum:portfolio:equity_peak"] + fields)
            _ = try redis.connection.send(pipeline)
        }
        let failure = #expect(throws: PortfolioStateFailure.self) {
            try Self.writer.write(Self.reading(1), to: redis.connection)
        }
        #expect(failure?.reason == .peakMalformed)
        #expect(failure?.message.hasSuffix("; delete the key to start a new peak") == true)
        #expect(try redis.command("EXISTS", "quantum:state:portfolio", "quantum:stream:portfolio.state").integer == 0)
        // The connection stays usable.
        try redis.command("DEL", "quantum:portfolio:equity_peak")
        _ = try Self.writer.write(Self.reading(1), to: redis.connection)
    }

    @Test("replaces any earlier value of the key")
    func replaces() throws {
        let redis = try RedisFixture()
        try redis.command("SET", "quantum:state:portfolio", "x")
        _ = try Self.writer.write(Self.reading(1), to: redis.connection)
        try redis.command("HSET", "quantum:state:portfolio", "foreign", "field")
        _ = try Self.writer.write(Self.reading(1), to: redis.connection)
        #expect(try redis.hash("quantum:state:portfolio").count == 9)
    }

    @Test("is not written if the peak was changed or reset since it was read", arguments: [true, false])
    func peakChanged(reset: Bool) throws {
        let redis = try RedisFixture()
        _ = try Self.writer.write(Self.reading(100), to: redis.connection)
        let other = try RedisConnection(RedisConfiguration(url: redis.server.url))
        defer { other.close() }

        let previous = try Self.writer.watchPeak(other)
        if reset {
            try redis.command("DEL", "quantum:portfolio:equity_peak")
        } else {
            _ = try Self.writer.write(Self.reading(500), to: redis.connection)
        }
        let late = Self.reading(200)
        let peak = EquityPeak.after(previous, equity: late.equity, at: late.asOf)
        let record = PortfolioStateRecord(reading: late, source: "ledger", drawdown: .zero)
        #expect(try Self.writer.commit(record, newPeak: peak, other) == false)
        #expect(try redis.hash("quantum:portfolio:equity_peak")["peak_usd"] == (reset ? nil : "500"))
        // The next attempt starts from the present peak.
        #expect(try Self.writer.write(late, to: other).drawdown == (reset ? .zero : Amount("0.6")))
    }

    @Test("keeps the peaks of two concurrent updaters")
    func twoUpdaters() async throws {
        let redis = try RedisFixture()
        let url = redis.server.url
        await withTaskGroup(of: Void.self) { group in
            for offset in 0..<2 {
                group.addTask {
                    let session = try? RedisSession(RedisConfiguration(url: url))
                    for round in 0..<200 {
                        let equity = Amount((round * 37) % 200 * 2 + offset)
                        _ = try? await session?.run { connection throws(PortfolioStateFailure) in
                            try Self.writer.write(Self.reading(equity), to: connection)
                        }
                    }
                }
            }
        }
        // Both wrote equities all over 0..<400, so the peak is the highest of a round that was not abandoned.
        let written = try redis.entries("quantum:stream:portfolio.state").compactMap {
            try $0["equity_usd"].map { try Amount($0) }
        }
        let peak = try redis.hash("quantum:portfolio:equity_peak")["peak_usd"].map { try Amount($0) }
        #expect(written.count > 100)
        #expect(peak == written.max())
    }

    @Test("keeps the stream near its maximum length")
    func streamLength() throws {
        let redis = try RedisFixture()
        for _ in 0..<1_500 { _ = try Self.writer.write(Self.reading(1), to: redis.connection) }
        let length = try redis.command("XLEN", "quantum:stream:portfolio.state").integer ?? 0
        #expect((1_000...1_200).contains(length))
    }

    @Test("is refused as a whole if the user may not write")
    func readOnly() throws {
        let redis = try RedisFixture()
        try redis.command("ACL", "SETUSER", "reader", "on", "nopass", "~*", "+@all", "-xadd")
        let configuration = try RedisConfiguration(
            url: redis.server.url.replacing("unix://", with: "unix://reader:any@"))
        let connection = try RedisConnection(configuration)
        defer { connection.close() }
        let failure = #expect(throws: PortfolioStateFailure.self) {
            try Self.writer.write(Self.reading(1), to: connection)
        }
        #expect(failure?.reason == .redis)
        #expect(try redis.command("EXISTS", "quantum:state:portfolio", "quantum:portfolio:equity_peak").integer == 0)
    }
}
