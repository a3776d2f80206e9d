@testable import Deployment
import Testing

private let oneGate = "gates:\n  - gate: p28-budget\n    mode: shadow\n"

@Suite("What YAML can say and a deployment file must not")
struct SyntaxTests {
    @Test(
        "is refused where it stands",
        arguments: [
            Mistake(
                "an anchor", oneGate + "a: &x 1\nb: *x\n",
                "host.yaml:4:4: error: anchors (&) are not supported: put text that begins with & in quotes"),
            Mistake(
                "an alias", oneGate + "a: [1, *x]\n",
                "host.yaml:4:8: error: aliases (*) are not supported: put text that begins with * in quotes"),
            Mistake(
                "an alias behind a quoted key", oneGate + "{\"a\":*x}",
                "host.yaml:4:6: error: aliases (*) are not supported: put text that begins with * in quotes"),
            Mistake(
                "a tag", oneGate + "a: !!str 1\n",
                "host.yaml:4:4: error: tags (!) are not supported: put text that begins with ! in quotes"),
            Mistake("a merge key", oneGate + "<<: {a: 1}\n", "host.yaml:4:1: error: merge keys (<<) are not supported"),
            Mistake(
                "a text block", oneGate + "a: |\n  x\n",
                "host.yaml:4:4: error: text blocks (|) are not supported: write the text in quotes, on one line"),
            Mistake(
                "a folded block", oneGate + "a: >-\n  x\n",
                "host.yaml:4:4: error: text blocks (>) are not supported: write the text in quotes, on one line"),
            Mistake(
                "an explicit key", oneGate + "? a\n: b\n", "host.yaml:4:1: error: explicit keys (?) are not supported"),
            Mistake("a list as a key", oneGate + "[a]: 1\n", "host.yaml:4:1: error: a key must be a single word"),
            Mistake(
                "a list as a key, twice", oneGate + "[a]: 1\n[a]: 1\n",
                "host.yaml:4:1: error: a key must be a single word"),
            Mistake(
                "a directive", "%YAML 1.1\n---\n" + oneGate, "host.yaml:1:1: error: directives (%) are not supported"),
            Mistake(
                "a quote over two lines", oneGate + "a: \"x\n  y\"\n",
                "host.yaml:4:4: error: the quote is not closed on its line"),
            Mistake(
                "100000 open brackets", String(repeating: "[", count: 100_000),
                "host.yaml:1:17: error: nested more than 16 levels deep"),
            Mistake(
                "100000 open braces in a list", oneGate + "a: " + String(repeating: "[{a: ", count: 100_000),
                "host.yaml:4:44: error: nested more than 16 levels deep"),
            Mistake(
                "100000 lists in a line", String(repeating: "- ", count: 100_000),
                "host.yaml:1:65: error: indented by more than 64 columns"),
            Mistake(
                "a bracket that is not closed", oneGate + "a: [1\nb: 2\n",
                """
                host.yaml:5:2: error: not valid YAML: did not find expected ',' or ']' (while parsing a flow \
                sequence, line 4, column 4)
                """
            ),
            Mistake(
                "a tab as indentation", oneGate + "\tb: 2\n",
                """
                host.yaml:4:1: error: not valid YAML: found a tab character that violates indentation (while \
                scanning a plain scalar, line 3, column 11)
                """
            ),
            Mistake(
                "two values on a line", oneGate + "a: b: c\n",
                "host.yaml:4:5: error: not valid YAML: mapping values are not allowed in this context"),
            Mistake(
                "JSON cut off", "{\"gates\": [",
                """
                host.yaml:2:1: error: not valid YAML: did not find expected node content (while parsing a flow node, \
                line 2, column 1)
                """
            ),
        ])
    func refused(_ mistake: Mistake) throws {
        #expect(try diagnostics(mistake.text) == mistake.expected)
    }

    @Test(
        "is allowed inside of text",
        arguments: [
            "group: 'a*b'", "group: \"&b\"", "group: a&b", "group: a!b", "group: a|b", "group: a>b", "group: a?b",
            "group: \"it\\\"s\"", "group: 'it''s'",
            "group: a#b", "group: x # *comment &with !everything | > ? { [ \"'", "group: -x", "group: :x",
            "group: '{[{[{[{[{[{[{[{[{[{[{['",
        ])
    func allowed(_ line: String) throws {
        #expect(try diagnostics(oneGate + "intake:\n  \(line)\n") == [])
    }

    @Test(
        "Other line ends, a byte order mark, tabs within JSON and a document marker are no mistakes",
        arguments: [
            oneGate.replacing("\n", with: "\r\n"), oneGate.replacing("\n", with: "\r"), "\u{FEFF}" + oneGate,
            "---\n" + oneGate, oneGate + "...\n",
            "{\n\t\"gates\": [\n\t\t{\"gate\":\"p28-budget\",\"mode\":\"shadow\"}\n\t]\n}",
        ])
    func tolerated(_ text: String) throws {
        #expect(try diagnostics(text) == [])
    }

    @Test(
        "A file that is no text is refused at the first bad byte",
        arguments: [
            ("gates:\n  - gä", "2:7"), ("a: 1\rb", "2:2"), ("a: 1\r\nb", "2:2"), ("a\u{85}b\u{2028}", "3:1"),
        ])
    func notUTF8(_ before: String, _ place: String) throws {
        let registry = try testRegistry()
        let bytes = Array(before.utf8) + [0xFF]
        let errors = #expect(throws: ConfigurationErrors.self) {
            try HostConfiguration.parse(bytes: bytes, file: "host.yaml", registry: registry, environment: [:])
        }
        #expect(errors?.description == "host.yaml:\(place): error: the file is not UTF-8 text")
    }

    @Test(
        "A file of nothing but mistakes gives a bounded answer", arguments: ["sections", "gates", "duplicates", "keys"])
    func bounded(_ mistakes: String) throws {
        let text =
            switch mistakes {
            case "sections": (0..<80_000).map { "k\($0): 1\n" }.joined()
            case "gates": "gates:\n" + (0..<40_000).map { "  - { gate: g\($0) }\n" }.joined()
            case "duplicates": (0..<20_000).map { _ in "log: 1\n" }.joined()
            default: "intake: {" + (0..<60_000).map { "batc\($0): 1," }.joined() + "}"
            }
        let count = try diagnostics(text).count
        #expect((1...200).contains(count))
    }
}
