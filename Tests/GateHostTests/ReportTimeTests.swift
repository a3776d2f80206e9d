import TestSupport
import Testing

/// K8: a report counts at the moment of Redis' clock in which it is settled, whatever its id and fields say.
@Suite("The time of a report", .serialized)
struct ReportTimeTests {
    @Test(
        "K8: a report of the far past or future keeps a share neither longer nor shorter than one of now",
        arguments: ["1-1", "4102444800000-0", "*"], ["0", "4102444800", "nan"])
    func farOff(id: String, timestamp: String) async throws {
        let world = try LedgerWorld()
        let host = try world.host("answers: { shown_margin: 0s }")
        try world.snapshot("0", ahead: -5)
        #expect(try await world.decide(.open("a", "BUY", "0.004")) == "permit")
        try world.consume("a")
        try world.redis.command(
            "XADD", "quantum:stream:apply.result", id, "plan_id", "a", "symbol", "BTCUSDT", "executed", "True",
            "timestamp", timestamp)
        try await eventually("settlement") { try world.outcome("a").contains(" executed ") }
        // A snapshot from before the report does not show the execution.
        try world.snapshot("0", ahead: -2)
        #expect(try await world.decide(.open("b", "BUY", "0.007")) == "block")
        #expect(try world.totals() == "0=0.004")
        // One from after it does.
        try world.snapshot("0.004", ahead: 1.9)
        #expect(try await world.decide(.open("c", "BUY", "0.006")) == "permit")
        #expect(try world.totals() == "0=0.006")
        await host.stop()
    }
}
