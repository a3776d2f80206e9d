import Foundation
import TestSupport
import Testing

@testable import OpsLedger

@Suite("ledger verify")
struct VerifyTests {
    /// Two months, ids a to d, oldest first; `b` has a proof.
    private func fixture() async throws -> LedgerFixture {
        let fixture = try LedgerFixture()
        try fixture.write("proof\n", to: "proof.log")
        for (identifier, days) in [("a", 0), ("b", 1), ("c", 5), ("d", 0)] {
            fixture.advance(days: days)
            var operation = LedgerOperation.named(identifier)
            if identifier == "b" { operation.proofPath = "\(fixture.root)/proof.log" }
            try await fixture.append(operation)
        }
        #expect(try fixture.problems() == [])
        return fixture
    }

    /// The line, from 1, of the n-th that starts so.
    private func line(_ start: String, _ occurrence: Int = 1, in fixture: LedgerFixture) throws -> Int {
        let lines = try fixture.text.components(separatedBy: "\n").enumerated().filter { $0.element.hasPrefix(start) }
        return try #require(lines.dropFirst(occurrence - 1).first).offset + 1
    }

    @Test("finds a changed character in an older entry")
    func changed() async throws {
        let fixture = try await fixture()
        try fixture.rewrite {
            $0.replacingOccurrences(of: "2026-01-29T10:15:00.123456+00:00", with: "2026-01-29T10:15:00.123457+00:00")
        }
        let line = try line("previous_entry_sha256", 2, in: fixture)
        let before = try self.line("---", 3, in: fixture)
        #expect(
            try fixture.problems() == [
                """
                L:\(line): error: the chain is broken: this is not the SHA-256 of the entry before, \
                b in line \(before), which was changed, moved or put in, or one between them was removed
                """
            ])
    }

    @Test("finds a changed character in the newest entry")
    func changedNewest() async throws {
        let fixture = try await fixture()
        let text = try fixture.text
        let range = try #require(text.range(of: "governor only"))
        try fixture.rewrite { $0.replacingCharacters(in: range, with: "governor 0nly") }
        #expect(
            try fixture.problems() == [
                """
                L:\(try line("<!--", in: fixture)): error: newest_entry_sha256 is not that of the newest entry, \
                d in line \(try line("---", in: fixture)), which was changed, moved or put in, \
                or newer ones were removed
                """
            ])
    }

    @Test("finds every single changed byte")
    func everyByte() async throws {
        let fixture = try LedgerFixture()
        try await fixture.append(.named("a"))
        try await fixture.append(.named("b"))
        let bytes = Array(try fixture.text.utf8)
        let start = try #require(try fixture.text.range(of: "## 2026-01\n")).lowerBound.utf16Offset(
            in: try fixture.text)
        let ledger = fixture.ledger
        for index in start..<bytes.count - 1 {
            var changed = bytes
            changed[index] = bytes[index] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            try Data(changed).write(to: URL(fileURLWithPath: fixture.path))
            let isSound = try ledger.verify().problems.isEmpty
            #expect(!isSound, "byte \(index): \(String(decoding: changed[max(0, index - 20)...index], as: UTF8.self))")
        }
    }

    @Test(
        "finds an entry that was removed, wherever it stood",
        arguments: [
            (
                0,
                [
                    "4 entries were recorded, 3 are there",
                    "newest_entry_sha256 is not that of the newest entry, c in line",
                ]
            ),
            (
                1,
                [
                    "the chain is broken: this is not the SHA-256 of the entry before, b in line",
                    "4 entries were recorded, 3 are there",
                ]
            ),
            (
                2,
                [
                    "the chain is broken: this is not the SHA-256 of the entry before, a in line",
                    "4 entries were recorded, 3 are there",
                ]
            ),
            (
                3,
                [
                    "the chain is broken: the oldest entry must have 64 zeros here",
                    "4 entries were recorded, 3 are there",
                ]
            ),
        ])
    func removed(_ index: Int, _ expected: [String]) async throws {
        let fixture = try await fixture()
        let entry = try fixture.entries()[index]
        try fixture.rewrite { $0.replacingOccurrences(of: "```yaml\n\(entry)```\n\n", with: "") }
        let problems = try fixture.problems()
        #expect(problems.count == expected.count)
        for (problem, text) in zip(problems, expected) { #expect(problem.contains("error: \(text)"), "\(problem)") }
    }

    @Test("finds entries that were swapped", arguments: [(0, 1), (2, 3)])
    func swapped(_ first: Int, _ second: Int) async throws {
        let fixture = try await fixture()
        let entries = try fixture.entries()
        try fixture.rewrite { text in
            text.replacingOccurrences(of: entries[first], with: "@@").replacingOccurrences(
                of: entries[second], with: entries[first]
            )
            .replacingOccurrences(of: "@@", with: entries[second])
        }
        #expect(try fixture.problems().contains { $0.contains("error: the chain is broken: ") })
    }

    @Test("finds an id used twice, at its second use")
    func duplicate() async throws {
        let fixture = try await fixture()
        try fixture.rewrite { $0.replacingOccurrences(of: "operation_id: \"c\"", with: "operation_id: \"a\"") }
        let (second, first) = (try line("operation_id", 2, in: fixture), try line("operation_id", 4, in: fixture))
        #expect(
            try fixture.problems().contains(
                "L:\(second): error: operation_id a is that of the entry in line \(first) too"))
    }

    @Test("finds months in the wrong order and entries under the wrong one")
    func months() async throws {
        let fixture = try await fixture()
        try fixture.rewrite { $0.replacingOccurrences(of: "## 2026-01", with: "## 2026-03") }
        #expect(
            try fixture.problems() == [
                """
                L:\(try line("## ", 2, in: fixture)): error: month 2026-03 stands below 2026-02: \
                months go from the newest to the oldest
                """,
                """
                L:\(try line("execution_timestamp", 3, in: fixture)): error: \
                an entry of 2026-01-29T10:15:00.123456+00:00 stands under month 2026-03
                """,
                """
                L:\(try line("execution_timestamp", 4, in: fixture)): error: \
                an entry of 2026-01-28T10:15:00.123456+00:00 stands under month 2026-03
                """,
            ])
    }

    @Test("finds a proof file that changed, grew or went")
    func proof() async throws {
        let fixture = try await fixture()
        let place = "L:\(try line("proof_file", in: fixture)): error: proof file 'proof.log'"
        try fixture.write("prooF\n", to: "proof.log")
        #expect(
            try fixture.problems() == [
                "\(place) has sha256 \(try sha256("prooF\n")), \(try sha256("proof\n")) was recorded"
            ])
        try fixture.write("proof\nmore\n", to: "proof.log")
        #expect(try fixture.problems() == ["\(place) has 11 bytes, 6 were recorded"])
        try FileManager.default.removeItem(atPath: "\(fixture.root)/proof.log")
        #expect(try fixture.problems() == ["\(place) cannot be read: No such file or directory"])
        mkfifo("\(fixture.root)/proof.log", 0o600)
        #expect(try fixture.problems() == ["\(place) cannot be read: not a regular file"])
    }

    private static let unexpected =
        "this line is not as `ledger append` writes it: wrong value, order or form, or an unknown field"

    @Test(
        "says where an entry is not as it was written",
        arguments: [
            ("git_branch: \"main\"", "git_branch: main", "git_branch", 0, "git_branch is not a text in double quotes"),
            (
                "git_branch: \"main\"", "git_branch: \"ma\\qin\"", "git_branch", 0,
                "not valid YAML: found unknown escape character"
            ),
            (
                "git_branch: \"main\"", "git_branch:", "git_branch", 0, "git_branch is not a text in double quotes"
            ),
            (
                "git_branch: \"main\"", "git_branch: \"a\"\ngit_branch: \"b\"", "git_branch", 1,
                "git_branch is there twice"
            ),
            ("git_branch: \"main\"\n", "", "---", 0, "git_branch is missing"),
            ("git_branch: \"main\"", "git_branch: 5", "git_branch", 0, "git_branch is not a text in double quotes"),
            (
                "\"SERVICE_RESTART\"", "\"HARMLESS\"", "risk_class", 0,
                "risk_class is not one of READ_ONLY, LOW_RISK_CONFIG, SERVICE_RESTART, FILESYSTEM_WRITE"
            ),
            ("requested_by: \"SELF\"", "requested_by: \"THEM\"", "requested_by", 0, unexpected),
            ("notes: \"\"", "notes: \"\"\nmore: \"x\"", "more", 0, unexpected),
            ("---\n", "", "operation_id", 0, unexpected),
            ("notes: \"\"", "free words", "free words", 0, "not valid YAML: could not find expected ':'"),
        ])
    func form(_ old: String, _ new: String, _ start: String, _ offset: Int, _ message: String) async throws {
        let fixture = try LedgerFixture()
        try await fixture.append(.named("a"))
        try fixture.rewrite { $0.replacingOccurrences(of: old, with: new) }
        let problems = try fixture.problems()
        #expect(problems.first == "L:\(try line(start, in: fixture) + offset): error: \(message)")
        #expect(problems.count == 2)
    }

    @Test("says what is wrong with the file's outline")
    func outline() async throws {
        let fixture = try await fixture()
        let good = try fixture.text
        try fixture.rewrite { $0.replacingOccurrences(of: "## 2026-01", with: "Harmless words\n\n## 2026-01") }
        let place = "L:\(try line("Harmless", in: fixture))"
        #expect(
            try fixture.problems() == [
                "\(place): error: text between entries: nothing protects it, so it has no place here"
            ])
        try fixture.rewrite { _ in good.replacingOccurrences(of: "\n<!--.*-->\n", with: "", options: .regularExpression)
        }
        #expect(
            try fixture.problems() == [
                """
                L:\(try line("---", in: fixture)): error: the file's last line, with newest_entry_sha256, is \
                missing: nothing protects the newest entry
                """
            ])
        let end = try #require(good.range(of: "\n```\n", options: .backwards)).lowerBound
        try fixture.rewrite { _ in String(good[..<end]) }
        #expect(
            try fixture.problems().contains("L:\(try line("```yaml", 4, in: fixture)): error: this fence is not closed")
        )
    }

    @Test("no file traps it, and none with other entries passes for sound", arguments: [1, 2, 3] as [UInt64])
    func robust(_ seed: UInt64) async throws {
        let fixture = try await fixture()
        let bytes = Array(try fixture.text.utf8)
        let original = LedgerDocument(try fixture.text)
        let fragments = [
            "```\n", "```yaml\n", "---\n", "\n", "\"", "\\", "\\u", "\\xZ", ": ", "  - ", "  ", "## 2026-01\n",
            "<!-- entries: 1", "\u{301}", "|\n", "\r\n",
        ]
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let start = Int.random(in: 0..<mutated.count, using: &random)
                let end = min(mutated.count, start + Int.random(in: 0...30, using: &random))
                mutated.replaceSubrange(start..<end, with: Array((fragments.randomElement(using: &random) ?? "").utf8))
            }
            let text = String(decoding: mutated, as: UTF8.self)
            let document = LedgerDocument(text)
            let problems = LedgerAudit(document).problems
            #expect(problems.allSatisfy { (1...splitLines(text).count).contains($0.line ?? 1) }, "\(problems)")
            // The preamble is for people; only entries and months are protected.
            guard problems.isEmpty else { continue }
            #expect(document.entries.map(\.text) == original.entries.map(\.text), "\(text)")
            #expect(document.entries.map(\.month) == original.entries.map(\.month), "\(text)")
        }
    }
}
