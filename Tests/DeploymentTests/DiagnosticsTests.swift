import Deployment
import Testing

/// One gate, on lines 1 to 3; what a case adds begins on line 4.
private let oneGate = "gates:\n  - gate: p28-budget\n    mode: shadow\n"

struct Mistake: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let expected: [String]

    init(_ name: String, _ text: String, _ expected: String...) {
        self.name = name
        self.text = text
        self.expected = expected
    }

    var testDescription: String { name }
}

@Suite("I9: a mistake in the file is told with its place, to the letter")
struct DiagnosticsTests {
    @Test(
        "in the file as a whole",
        arguments: [
            Mistake(
                "empty", "", "host.yaml:1:1: error: the file is empty: it must list at least one gate under 'gates'"),
            Mistake(
                "comments only", "# nothing\n",
                "host.yaml:1:1: error: the file is empty: it must list at least one gate under 'gates'"),
            Mistake(
                "an empty document", "---\n",
                "host.yaml:1:1: error: the file is empty: it must list at least one gate under 'gates'"),
            Mistake("a list", "- a\n", "host.yaml:1:1: error: the file must be a map of sections, not a list"),
            Mistake(
                "a word", "gates\n", "host.yaml:1:1: error: the file must be a map of sections, not a single value"),
            Mistake(
                "two documents", oneGate + "---\na: 1\n",
                "host.yaml:4:1: error: a second document begins here: a deployment file is one document"),
            Mistake(
                "a control character", oneGate + "a: \u{7}\n",
                "host.yaml:4:4: error: the control character U+0007 is not allowed"),
            Mistake(
                "an unknown section", oneGate + "intak: {}\n",
                "host.yaml:4:1: error: unknown key 'intak'; did you mean 'intake'?"),
            Mistake(
                "an unknown section like no other", oneGate + "colour: red\n",
                "host.yaml:4:1: error: unknown key 'colour'"),
            Mistake(
                "a section twice", oneGate + "log: {}\nlog: {}\n",
                "host.yaml:4:1: error: duplicate key 'log': the same section sets it again"),
            Mistake(
                "a section twice, once in quotes", oneGate + "\"gates\": []\n",
                "host.yaml:1:1: error: duplicate key 'gates': the same section sets it again"),
        ])
    func file(_ mistake: Mistake) throws {
        #expect(try diagnostics(mistake.text) == mistake.expected)
    }

    @Test(
        "in a section",
        arguments: [
            Mistake(
                "an unknown key", oneGate + "intake:\n  bach: 5\n",
                "host.yaml:5:3: error: unknown key 'bach' in intake; did you mean 'batch'?"),
            Mistake(
                "a key in camel case", oneGate + "intake: { claimAfter: 5s }\n",
                "host.yaml:4:11: error: unknown key 'claimAfter' in intake; did you mean 'claim_after'?"),
            Mistake(
                "a value for a section", oneGate + "intake: 5\n",
                "host.yaml:4:9: error: intake must be a map, not a single value"),
            Mistake(
                "a list for a section", oneGate + "answers: [a]\n",
                "host.yaml:4:10: error: answers must be a map, not a list"),
            Mistake(
                "a list for a value", oneGate + "log: { level: [info] }\n",
                "host.yaml:4:15: error: level must be a single value, not a list"),
            Mistake(
                "a map for a value", oneGate + "log: { level: { a: b } }\n",
                "host.yaml:4:15: error: level must be a single value, not a map"),
            Mistake("no value", oneGate + "intake:\n  batch:\n", "host.yaml:5:9: error: batch has no value"),
            Mistake(
                "a number in quotes", oneGate + "intake: { batch: \"128\" }\n",
                "host.yaml:4:18: error: batch: \"128\" is not an integer; write it without quotes"),
            Mistake(
                "a leading zero", oneGate + "intake: { batch: 010 }\n",
                "host.yaml:4:18: error: batch: '010' is not an integer"),
            Mistake(
                "hexadecimal", oneGate + "intake: { batch: 0x10 }\n",
                "host.yaml:4:18: error: batch: '0x10' is not an integer"),
            Mistake(
                "an underscore", oneGate + "intake: { batch: 1_0 }\n",
                "host.yaml:4:18: error: batch: '1_0' is not an integer"),
            Mistake(
                "a number that is too large for any integer", oneGate + "intake: { batch: 99999999999999999999 }\n",
                "host.yaml:4:18: error: batch: '99999999999999999999' is not an integer"),
            Mistake(
                "sexagesimal", oneGate + "intake: { block: 1:30 }\n",
                "host.yaml:4:18: error: block: '1:30' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
            Mistake(
                "a duration without unit", oneGate + "intake: { block: 5 }\n",
                "host.yaml:4:18: error: block: '5' is not a duration (250us, 5ms, 30s, 2m, 24h)"),
            Mistake(
                "yes", oneGate + "answers: { record_inputs: yes }\n",
                "host.yaml:4:27: error: record_inputs: 'yes' is not true or false"),
            Mistake(
                "a boolean in quotes", oneGate + "answers: { record_inputs: 'true' }\n",
                "host.yaml:4:27: error: record_inputs: \"true\" is not true or false; write it without quotes"),
            Mistake("null", oneGate + "intake: { consumer: ~ }\n", "host.yaml:4:21: error: consumer: '~' is not text"),
            Mistake(
                "a batch of none", oneGate + "intake: { batch: 0 }\n",
                "host.yaml:4:18: error: batch: '0' is outside 1...1024"),
            Mistake(
                "too long a wait", oneGate + "intake: { block: 11s }\n",
                "host.yaml:4:18: error: block: '11s' is outside 1ms...10s"),
            Mistake(
                "half a second to live", oneGate + "answers: { permit_ttl: 500ms }\n",
                "host.yaml:4:24: error: permit_ttl: '500ms' is not a whole number of seconds in 1s...168h"),
            Mistake(
                "eight days to live", oneGate + "answers: { block_ttl: 192h }\n",
                "host.yaml:4:23: error: block_ttl: '192h' is not a whole number of seconds in 1s...168h"),
            Mistake(
                "a stream without name", oneGate + "intake: { stream: '' }\n",
                "host.yaml:4:19: error: stream: \"\" is not a name of 1 to 256 bytes without blanks"),
            Mistake(
                "a consumer with a blank", oneGate + "intake: { consumer: a b }\n",
                "host.yaml:4:21: error: consumer: 'a b' is not a name of 1 to 256 bytes without blanks"),
            Mistake(
                "a start that is none", oneGate + "intake: { start: begining }\n",
                """
                host.yaml:4:18: error: start: 'begining' is not one of beginning, end, an entry id \
                (1795354847562-0); did you mean 'beginning'?
                """
            ),
            Mistake(
                "a port alone", oneGate + "admin: { listen: 8044 }\n",
                "host.yaml:4:18: error: listen: '8044' is not a listen address (127.0.0.1:8044, [::1]:8044)"),
            Mistake(
                "a port too large", oneGate + "admin: { listen: localhost:65536 }\n",
                """
                host.yaml:4:18: error: listen: 'localhost:65536' is not a listen address (127.0.0.1:8044, [::1]:8044)
                """),
            Mistake(
                "IPv6 without brackets", oneGate + "admin: { listen: \"::1:8044\" }\n",
                "host.yaml:4:18: error: listen: \"::1:8044\" is not a listen address (127.0.0.1:8044, [::1]:8044)"),
            Mistake(
                "a bad URL", oneGate + "redis: { url: redis://host:x }\n",
                "host.yaml:4:15: error: url: the port must be a number from 1 to 65535"),
            Mistake(
                "a wait longer than the connection's patience", oneGate + "intake: { block: 3s }\n",
                "host.yaml:4:18: error: intake.block (3s) must be shorter than redis.command_timeout (2s)"),
            Mistake(
                "patience shorter than the wait", oneGate + "redis: { command_timeout: 250ms }\n",
                "host.yaml:4:27: error: intake.block (250ms) must be shorter than redis.command_timeout (250ms)"),
            Mistake(
                "an outcome forgotten before its permit", oneGate + "answers: { outcome_ttl: 30s }\n",
                "host.yaml:4:25: error: answers.outcome_ttl (30s) must not be less than permit_ttl (1m)"),
            Mistake(
                "a permit that outlives its reservation", oneGate + "answers: { permit_ttl: 5m }\n",
                "host.yaml:4:24: error: answers.reservation_ttl (2m) must not be less than permit_ttl (5m)"),
            Mistake(
                "decisions on the intents' stream",
                oneGate + "answers: { decision_stream: quantum:stream:apply.plan }\n",
                "host.yaml:4:29: error: intake.stream and answers.decision_stream must be different streams"),
            Mistake(
                "intents on the dead letters' stream", oneGate + "intake: { stream: quantum:stream:apply.plan.dead }\n",
                "host.yaml:4:19: error: intake.stream and answers.dead_letter_stream must be different streams"),
        ])
    func section(_ mistake: Mistake) throws {
        #expect(try diagnostics(mistake.text) == mistake.expected)
    }

    @Test(
        "in the pipeline",
        arguments: [
            Mistake(
                "no pipeline", "log: {}\n",
                "host.yaml:1:1: error: no gates: the file must list at least one gate under 'gates'"),
            Mistake(
                "an empty pipeline", "gates: []\n", "host.yaml:1:8: error: no gates: 'gates' must list at least one"),
            Mistake(
                "a pipeline of nothing", "gates:\n", "host.yaml:1:7: error: no gates: 'gates' must list at least one"),
            Mistake(
                "a map of gates", "gates: { heat: shadow }\n",
                "host.yaml:1:8: error: gates must be a list of gates, not a map"),
            Mistake(
                "a word for the gates", "gates: heat\n",
                "host.yaml:1:8: error: gates must be a list of gates, not a single value"),
            Mistake(
                "a word for a gate", "gates: [heat]\n",
                "host.yaml:1:9: error: gates[0] must be a map with 'gate' and 'mode'"),
            Mistake(
                "nothing for a gate", "gates:\n  -\n",
                "host.yaml:2:4: error: gates[0] is empty: it must give 'gate' and 'mode'"),
            Mistake(
                "no mode", "gates:\n  - gate: p28-budget\n",
                "host.yaml:2:5: error: gates[0].mode is missing: one of shadow, enforce, off"),
            Mistake(
                "no gate", "gates:\n  - mode: shadow\n",
                "host.yaml:2:5: error: gates[0].gate is missing: one of heat, p28-budget, plain, refusing"),
            Mistake(
                "a bad mode", "gates:\n  - gate: p28-budget\n    mode: enforced\n",
                "host.yaml:3:11: error: mode: 'enforced' is not one of shadow, enforce, off; did you mean 'enforce'?"),
            Mistake(
                "a bad policy", oneGate + "    on_failure: deney\n",
                "host.yaml:4:17: error: on_failure: 'deney' is not one of allow, deny; did you mean 'deny'?"),
            Mistake(
                "an unknown gate", "gates:\n  - { gate: p28-bugdet, mode: shadow }\n",
                "host.yaml:2:13: error: gate: 'p28-bugdet' is no gate of this host; did you mean 'p28-budget'?"),
            Mistake(
                "a gate like no other", "gates:\n  - { gate: kelly, mode: shadow }\n",
                "host.yaml:2:13: error: gate: 'kelly' is no gate of this host: one of heat, p28-budget, plain, refusing"
            ),
            Mistake(
                "a gate without name", oneGate + "  - { gate: '', mode: shadow }\n",
                "host.yaml:4:13: error: gate: '' is no gate of this host: one of heat, p28-budget, plain, refusing"),
            Mistake(
                "a list for a gate's name", oneGate + "  - { gate: [heat], mode: shadow }\n",
                "host.yaml:4:13: error: gate must be a single value, not a list"),
            Mistake(
                "a gate twice", oneGate + "  - { gate: p28-budget, mode: off }\n",
                "host.yaml:4:13: error: gate 'p28-budget' is listed twice: the first is on line 2"),
            Mistake(
                "an unknown key", oneGate + "    setings: {}\n",
                "host.yaml:4:5: error: unknown key 'setings' in gates[0]; did you mean 'settings'?"),
            Mistake(
                "a setting beside the mode", oneGate + "    max_age: 5s\n",
                "host.yaml:4:5: error: unknown key 'max_age' in gates[0]; did you mean 'settings.max_age'?"),
            Mistake(
                "an unknown setting", oneGate + "    settings: { max_agee: 5s }\n",
                "host.yaml:4:17: error: unknown setting 'max_agee' of gate 'p28-budget'; did you mean 'max_age'?"),
            Mistake(
                "a setting where there are none", oneGate + "  - { gate: plain, mode: off, settings: { a: 1 } }\n",
                "host.yaml:4:43: error: unknown setting 'a' of gate 'plain'"),
            Mistake(
                "a list of settings", oneGate + "    settings: [a]\n",
                "host.yaml:4:15: error: settings must be a map, not a list"),
            Mistake(
                "a setting out of range", oneGate + "    settings: { share: 1.5 }\n",
                "host.yaml:4:24: error: share: '1.5' is outside 0...1"),
            Mistake(
                "a decimal beyond the last", oneGate + "    settings: { share: 0.123456789012345678901 }\n",
                "host.yaml:4:24: error: share: '0.123456789012345678901' is not a decimal"),
            Mistake(
                "a number in quotes", oneGate + "    settings: { share: '0.5' }\n",
                "host.yaml:4:24: error: share: \"0.5\" is not a decimal; write it without quotes"),
            Mistake(
                "settings that contradict each other",
                oneGate + "  - { gate: heat, mode: off, settings: { hot: 0.2, warm: 0.7 } }\n",
                "host.yaml:4:58: error: gate 'heat': warm (0.7) must be below hot (0.2)"),
            Mistake(
                "settings that contradict a default",
                oneGate + "  - { gate: heat, mode: off, settings: { hot: 0.2 } }\n",
                "host.yaml:4:5: error: gate 'heat': warm (0.25) must be below hot (0.2)"),
            Mistake(
                "a gate that will not", oneGate + "  - { gate: refusing, mode: off }\n",
                "host.yaml:4:5: error: gate 'refusing' refuses its settings: not today"),
            Mistake(
                "another gate first",
                "gates:\n  - { gate: heat, mode: shadow }\n  - { gate: p28-budget, mode: shadow }\n",
                """
                host.yaml:2:5: error: the first gate must be 'p28-budget' (the default of 'first_gate'), which is on \
                line 3
                """
            ),
            Mistake(
                "the first gate left out", "first_gate: plain\ngates:\n  - { gate: heat, mode: shadow }\n",
                "host.yaml:3:5: error: the first gate must be 'plain' ('first_gate'), which is not listed"),
            Mistake(
                "a first gate that is unknown", "first_gate: haet\n" + oneGate,
                "host.yaml:1:13: error: first_gate: 'haet' is no gate of this host; did you mean 'heat'?"),
        ])
    func pipeline(_ mistake: Mistake) throws {
        #expect(try diagnostics(mistake.text) == mistake.expected)
    }

    @Test("all at once, in the order of the file")
    func allAtOnce() throws {
        let text = """
            intake:
              batch: 010
              block: 1:30
            gates:
              - gate: p28-bugdet
              - mode: enforced
                gate: heat
              - gate: heat
                mode: shadow
            admin: {listen: x}
            """
        #expect(
            try diagnostics(text, environment: ["P28_MODE": "on", "LOG_LEVEL": "loud"]) == [
                "host.yaml:2:10: error: batch: '010' is not an integer",
                "host.yaml:3:10: error: block: '1:30' is not a duration (250us, 5ms, 30s, 2m, 24h)",
                "host.yaml:5:5: error: gates[0].mode is missing: one of shadow, enforce, off",
                "host.yaml:5:11: error: gate: 'p28-bugdet' is no gate of this host; did you mean 'p28-budget'?",
                "host.yaml:6:11: error: mode: 'enforced' is not one of shadow, enforce, off; did you mean 'enforce'?",
                "host.yaml:8:11: error: gate 'heat' is listed twice: the first is on line 7",
                "host.yaml:10:17: error: listen: 'x' is not a listen address (127.0.0.1:8044, [::1]:8044)",
                """
                environment: error: LOG_LEVEL: 'loud' is not one of trace, debug, info, notice, warning, error, \
                critical
                """,
            ])
    }

    @Test("a duplicate key alone, since the rest of the file cannot be read then")
    func duplicateKey() throws {
        let text = """
            intake:
              block: 1:30
              batch: 2
              batch: 3
              "batch": 4
            """
        #expect(
            try diagnostics(text, environment: ["LOG_LEVEL": "loud"])
                == ["host.yaml:3:3: error: duplicate key 'batch': the same section sets it again"])
    }
}
