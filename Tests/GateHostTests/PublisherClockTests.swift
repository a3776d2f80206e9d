import Platform
import TestSupport
import Testing

/// Publishers of positions whose clocks are not Redis'.
@Suite("Publishers' clocks")
struct PublisherClockTests {
    private let world: LedgerWorld

    init() throws { world = try LedgerWorld() }

    @Test("behind a snapshot that has let shares go, an older one is stale, and plans go on until stamps catch up")
    func stepsBack() async throws {
        let host = try world.host("answers: { shown_margin: 0s }")
        try world.snapshot("0", ahead: -5)
        #expect(try await world.decide(.open("a", "BUY", "0.004")) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        try world.snapshot("0.004", ahead: 1.9)
        #expect(try await world.decide(.open("b", "BUY", "0.001")) == "permit")
        #expect(try world.totals() == "0=0.001")

        try world.snapshot("0.004", ahead: -3)
        #expect(try await world.decide(.open("c", "BUY", "0.01")) == "permit")
        #expect(try world.lastRecord()["gates"]?.contains("input_stale") == true)
        #expect(try world.totals() == "0=0.011")
        try world.snapshot("0.004", ahead: 1.95)
        #expect(try await world.decide(.open("d", "BUY", "0.001")) == "block")
        await host.stop()
    }

    @Test("a record of a leg that was there before the report does not show the fill", arguments: ["LONG", "SHORT"])
    func legs(ahead: String) async throws {
        func leg(_ name: String, _ quantity: String, ahead: Double) throws {
            let moment = Double(WallClock.now().milliseconds) / 1_000 + ahead
            try world.redis.command(
                "HSET", "quantum:position:snapshot:BTCUSDT:\(name)", "position_amt", quantity, "mark_price", "100000",
                "ts_epoch", "\(moment)")
        }
        try world.redis.command("DEL", "quantum:position:snapshot:BTCUSDT")
        for name in ["LONG", "SHORT"] { try leg(name, "0", ahead: name == ahead ? 1.9 : 1.8) }
        let host = try world.host("answers: { shown_margin: 0s }")
        let hedged = ["positionSide", "LONG"]
        #expect(try await world.decide(.open("a", "BUY", "0.01", hedged)) == "permit")
        try world.consume("a")
        try await world.report("a", executed: "True")
        #expect(try await world.decide(.open("b", "BUY", "0.01", hedged)) == "block")
        #expect(try world.totals() == "4=0.01")
        await host.stop()
    }
}
