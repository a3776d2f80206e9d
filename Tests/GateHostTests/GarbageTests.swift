import GateAPI
import GateHost
import HeatGate
import P28Budget
import Testing
import TestSupport

@Suite("Garbage")
struct GarbageTests {
    @Test(
        "I8: 10,000 entries of random bytes, huge fields, NaN and overflow trap nothing, and each gets one decision")
    func garbage() async throws {
        let redis = try RedisFixture()
        let stream = "quantum:stream:apply.plan"
        var generator = SeededGenerator(seed: 0x6A7E)
        let count = 10_000
        for start in stride(from: 0, to: count, by: 500) {
            var commands = RedisCommands()
            for index in start..<(start + 500) { commands.add(stream: stream, GarbageEntry.make(index, &generator)) }
            try commands.send(redis)
        }
        let host = try HostFixture(
            TestConfiguration.make(
                "  - { gate: p28-budget, mode: enforce }\n  - { gate: heat, mode: enforce }",
                types: [P28Budget.self, HeatGate.self], url: redis.server.url))
        try await redis.waitForDecisions(count, within: 60)
        await host.stop()
        let records = try redis.entries("quantum:stream:governor.decision")
        let published = try redis.command("XRANGE", stream, "-", "+").elements.compactMap { $0.element(0)?.text }
        #expect(records.compactMap { $0["intent_id"] }.sorted() == published.sorted())
        #expect(try redis.command("XPENDING", stream, "governor").element(0)?.integer == 0)
        let dead = records.filter { $0["outcome"] == "dead_letter" }.count
        #expect(try redis.command("XLEN", "quantum:stream:apply.plan.dead").integer == dead)
        let outcomes = Set(records.compactMap { $0["outcome"] })
        #expect(outcomes.isSuperset(of: ["permit", "skip", "dead_letter"]))
    }
}
