import Testing
import TestSupport

/// `Books` must report every kind of inconsistency, or a fault test that passes proves nothing.
@Suite("Books")
struct BooksTests {
    private static let stream = "quantum:stream:apply.plan"
    private static let decisions = "quantum:stream:governor.decision"

    struct Tampering: Sendable, CustomTestStringConvertible {
        let name: String
        let commands: [[String]]
        let problems: [String]
        var testDescription: String { name }
    }

    private static func record(
        _ id: String, _ plan: String, _ outcome: String, gates: String = "[]", failedOpen: String? = nil
    ) -> [String] {
        ["XADD", decisions, "*", "intent_id", id, "plan_id", plan, "outcome", outcome, "gates", gates]
            + (failedOpen.map { ["failed_open", $0] } ?? [])
    }

    static let tamperings: [Tampering] = [
        Tampering(name: "nothing", commands: [], problems: []),
        Tampering(
            name: "an entry that nobody decided", commands: [["XADD", stream, "3-1", "plan_id", "plan-3"]],
            problems: ["1 not decided: plan-3"]),
        Tampering(
            name: "an entry that was decided twice", commands: [record("1-1", "plan-1", "duplicate")],
            problems: ["1 decided twice: 1-1 (permit, duplicate)"]),
        Tampering(
            name: "a plan with two permits",
            commands: [["XADD", stream, "3-1", "plan_id", "plan-1"], record("3-1", "plan-1", "permit")],
            problems: ["1 permitted twice: plan-1"]),
        Tampering(
            name: "a decision on nothing", commands: [record("9-9", "plan-9", "skip")],
            problems: ["1 decided, but not in the stream: 9-9"]),
        Tampering(
            name: "a permit without a record", commands: [["SET", "quantum:permit:plan-2", "{}"]],
            problems: ["1 a permit without its record, or the other way around: plan-2"]),
        Tampering(
            name: "a block that is gone", commands: [["DEL", "quantum:governor:block:plan-2"]],
            problems: ["1 a block without its record, or the other way around: plan-2"]),
        Tampering(
            name: "a fail-open that the record does not name",
            commands: [
                ["XADD", stream, "3-1", "plan_id", "plan-3"],
                record("3-1", "plan-3", "skip", gates: #"[{"gate":"heat","verdict":"failed"}]"#),
            ],
            problems: ["1 a gate could not judge, and the record does not say so: plan-3"]),
        Tampering(
            name: "an entry left pending",
            commands: [
                ["XADD", stream, "3-1", "plan_id", "plan-3"], record("3-1", "plan-3", "skip"),
                ["XREADGROUP", "GROUP", "governor", "host", "STREAMS", stream, ">"],
            ],
            problems: ["1 entries left pending"]),
    ]

    @Test("every inconsistency is reported", arguments: tamperings)
    func tampering(_ tampering: Tampering) throws {
        let redis = try RedisFixture()
        let sound = [
            ["XADD", Self.stream, "1-1", "plan_id", "plan-1"], ["XADD", Self.stream, "2-1", "plan_id", "plan-2"],
            ["XGROUP", "CREATE", Self.stream, "governor", "2-1"], Self.record("1-1", "plan-1", "permit"),
            Self.record("2-1", "plan-2", "block"),
            ["SET", "quantum:permit:plan-1", "{}"], ["SET", "quantum:governor:block:plan-2", "{}"],
        ]
        for command in sound + tampering.commands { try redis.send(command) }
        #expect(try Books(redis.connection).problems == tampering.problems)
    }
}
