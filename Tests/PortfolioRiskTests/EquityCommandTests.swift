import TestSupport
import Testing

@Suite("The command equity")
struct EquityCommandTests {
    private static let peak = "quantum:portfolio:equity_peak"

    @Test("row 13: moves the peak by what came in or went out, and records who, when and why")
    func adjust() async throws {
        let redis = try RedisFixture()
        try redis.command("HSET", Self.peak, "peak_usd", "100000", "timestamp", "1795354260")
        func adjust(_ arguments: String...) async throws -> (status: Int32, output: String, errors: String) {
            try await Command(
                ["equity", "adjust"] + arguments + ["--why", "a transfer"],
                ["REDIS_URL": redis.server.url, "USER": "trader"]
            ).finish()
        }
        #expect(try await adjust("--deposit", "5000.5").output == "peak: 100000 USD -> 105000.5 USD\n")
        #expect(try await adjust("--withdrawal", "30000").output == "peak: 105000.5 USD -> 75000.5 USD\n")
        #expect(try redis.hash(Self.peak) == ["peak_usd": "75000.5", "timestamp": "1795354260"])
        #expect(try redis.hash("quantum:portfolio:equity_flows")["total_usd"] == "-24999.5")
        #expect(try await adjust("--reset-peak").output == "peak: 75000.5 USD -> none\n")
        #expect(try redis.hash(Self.peak).isEmpty)

        let events = try redis.entries("quantum:stream:governor.events")
        #expect(events.map { $0["kind"] } == ["deposit", "withdrawal", "reset_peak"])
        #expect(events.map { $0["amount_usd"] } == ["5000.5", "30000", ""])
        #expect(events.map { $0["peak_after"] } == ["105000.5", "75000.5", ""])
        for event in events {
            #expect(event["event"] == "P28_EQUITY_ADJUSTMENT")
            #expect(event["why"] == "a transfer")
            #expect(event["origin"]?.hasPrefix("trader@") == true)
            #expect((event["timestamp"]?.count ?? 0) >= 10)
        }
    }

    @Test("changes nothing that it does not understand")
    func mistakes() async throws {
        let redis = try RedisFixture()
        try redis.command("HSET", Self.peak, "peak_usd", "much", "timestamp", "1")
        for arguments in [
            ["--deposit", "5"], ["--deposit", "-5", "--why", "x"], ["--deposit", "much", "--why", "x"],
            ["--why", "x"], ["--deposit", "5", "--reset-peak", "--why", "x"], ["--reset-peak", "--why", " "],
            ["--deposit", "5", "--why", "the peak cannot be read"],
        ] {
            let result = try await Command(["equity", "adjust"] + arguments, ["REDIS_URL": redis.server.url]).finish()
            #expect(result.status != 0, "\(arguments)")
        }
        #expect(try redis.command("EXISTS", "quantum:stream:governor.events").integer == 0)
        let reset = try await Command(
            ["equity", "adjust", "--reset-peak", "--why", "x"], ["REDIS_URL": redis.server.url]
        ).finish()
        #expect(reset.output == "peak: none -> none\n")
        #expect(try redis.hash(Self.peak).isEmpty)
    }
}
