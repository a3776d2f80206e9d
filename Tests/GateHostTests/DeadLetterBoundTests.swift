import GateHost
import Testing
import TestSupport

/// K6: all dead letters together have a bound in bytes.
@Suite("The bytes of dead letters", .serialized)
struct DeadLetterBoundTests {
    private static let dead = "quantum:stream:apply.plan.dead"
    private static let maximum = 1_048_576

    @Test(
        "K6: they stay within answers.dead_letter_max_bytes, whatever the entries are and however many may stay",
        arguments: [1, 100, 900, 100_000])
    func bound(length: Int) async throws {
        let redis = try RedisFixture()
        let host = try HostFixture(
            TestConfiguration.make(
                "  - { gate: alpha, mode: enforce }", url: redis.server.url,
                sections: "answers: { dead_letter_max_bytes: \(Self.maximum), dead_letter_max_length: \(length) }"))
        let sizes = [20, 300, 1_000, 4_000, 9_000, 16_000, 40_000]
        let invisible: [Plans.Pairs] = (0..<100).map { number in
            [("plan_id", "j-\(number)"), ("decision", "EXECUTE"), ("a", String(repeating: "\u{1}", count: 2_500))]
        }
        let many: [Plans.Pairs] = (0..<60).map { number in
            [("plan_id", "m-\(number)"), ("decision", "EXECUTE")] + (0..<1_900).map { ("\($0)", "1") }
        }
        let large: [Plans.Pairs] = (0..<420).map { number in
            let junk = String(repeating: "x", count: sizes[number % sizes.count])
            return [("plan_id", "p-\(number)"), ("decision", "EXECUTE"), ("junk", junk)]
        }
        for entries in [large, invisible, many] {
            let before = try redis.decisionCount()
            try redis.publish(entries, to: RedisFixture.planStream)
            try await redis.waitForDecisions(before + entries.count)
            let bytes = try redis.entries(Self.dead).reduce(0) { sum, letter in
                sum + letter.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            }
            #expect(bytes <= Self.maximum)
            #expect(try redis.command("MEMORY", "USAGE", Self.dead, "SAMPLES", "0").integer ?? 0 < Self.maximum * 5 / 4)
        }
        await host.stop()
    }

    @Test("fewer letters keep more of each entry, up to answers.plan_max_bytes")
    func shares() throws {
        func kept(_ answers: String) throws -> [Int] {
            let configuration = try TestConfiguration.make(
                "  - { gate: alpha, mode: enforce }", sections: "answers: { \(answers) }")
            return [configuration.answers.deadLettersKept, configuration.answers.letterEntryBytes]
        }
        #expect(try kept("") == [100_000, 4_344])
        #expect(try kept("dead_letter_max_length: 20000") == [20_000, 16_384])
        #expect(try kept("dead_letter_max_length: 1") == [1, 16_384])
        // One kilobyte each: letters without entries.
        #expect(try kept("dead_letter_max_length: 100000000") == [524_288, 0])
    }
}
