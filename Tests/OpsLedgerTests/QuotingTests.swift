import OpsLedger
import TestSupport
import Testing
import Yams

@Suite("Every text comes back from YAML as it was")
struct QuotingTests {
    // No text starts with a byte order mark: Yams drops it, though it is escaped. The ledger's own reader puts it back.
    static let nasty = [
        "", " ", " leading and trailing ", "a: b", "key: \"value\"", "'single'", "\"double\"",
        "back\\slash \\n \\x41 \\", "# comment", "a # b", "- dash",
        "--- ",
        "---", "...", "? key", "! tag", "&anchor", "*alias", "%directive", "@at", "`tick`", "```", "```yaml",
        "| literal", "> folded", "[a, b]", "{a: b}", "{{",
        "one\ntwo", "\n", "\n\n three\n", "tab\there", "\r\n", "\r", "null", "~", "true", "no", "010", "1:30", "1e3",
        "2026-01-28", ".inf", "<<", "=", "0x1F",
        "naïve", "日本語", "🙂 👩‍👩‍👧‍👦", "e\u{301}",
        "\u{301}starts with a combining mark", "\u{85}",
        "\u{2028}\u{2029}", "a\u{FEFF}", "\u{200B}", "\u{202E}rtl",
        "\u{7F}\u{1B}[31m",
        "\u{1}\u{8}\u{B}\u{C}\u{1F}", "\u{FFFE}\u{FFFF}", "\u{10FFFF}\u{1F600}", "\u{A0}", "\u{E000}",
        "<!-- entries: 9, newest_entry_sha256: 0 -->",
        "## 2026-01",
        String(repeating: "long ", count: 3_000),
    ]

    /// Checks one entry with Yams alone, and with the ledger's reader.
    private func check(_ texts: [String], lines: [String] = []) async throws {
        let fixture = try LedgerFixture()
        func text(_ index: Int) -> String { texts[index % texts.count] }
        // Some must not be blank, and lists lose blanks and commas by design.
        var operation = LedgerOperation.sample
        operation.name = "x" + text(0)
        operation.objective = "x" + text(1)
        operation.blastRadius = text(2) + "x"
        operation.changesSummary = "x" + text(3)
        operation.notes = text(4)
        var facts = LedgerFacts.sample
        facts.gitBranch = text(5)
        facts.hostname = text(6)
        facts.metrics = lines.isEmpty ? [] : [SnapshotSection(title: text(7), lines: lines)]
        facts.redis = [SnapshotSection(title: text(8), lines: lines.reversed())]
        try await fixture.append(operation, facts: facts)
        #expect(try fixture.problems() == [])
        let entry = try #require(try fixture.entries().first)
        let yaml = try #require(try Yams.load(yaml: entry) as? [String: Any])
        for (field, expected) in [
            ("operation_name", operation.name), ("objective", operation.objective),
            ("blast_radius", operation.blastRadius),
            ("changes_summary", operation.changesSummary), ("notes", operation.notes), ("git_branch", facts.gitBranch),
            ("hostname", facts.hostname),
        ] {
            let found = try #require(yaml[field] as? String, "\(field)")
            #expect(Array(found.utf8) == Array(expected.utf8), "\(field): \(expected.debugDescription)")
        }
        for (field, sections) in [("metrics_snapshot", facts.metrics), ("redis_snapshot", facts.redis)]
        where !sections.isEmpty {
            let found = try #require(yaml[field] as? String)
            let expected = Snapshot(sections).lines.map { "\($0)\n" }.joined()
            #expect(Array(found.utf8) == Array(expected.utf8), "\(field): \(expected.debugDescription)")
        }
    }

    @Test("in every field", arguments: nasty)
    func field(_ text: String) async throws {
        try await check([text], lines: [text, "", text])
    }

    @Test("with any characters", arguments: [1, 2, 3] as [UInt64])
    func random(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let pool =
            Self.nasty.joined().unicodeScalars.filter { $0 != "\u{FEFF}" }
            + (1...0x2FF).compactMap { Unicode.Scalar($0 as UInt32) }
        func text() -> String {
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...40, using: &random)).map { _ in pool.randomElement(using: &random) ?? "x" })
            )
        }
        for _ in 0..<100 {
            try await check(
                (0..<9).map { _ in text() }, lines: (0..<Int.random(in: 0...40, using: &random)).map { _ in text() })
        }
    }

    @Test("a byte order mark at its start too, for the ledger's own reader")
    func byteOrderMark() async throws {
        let fixture = try LedgerFixture()
        var operation = LedgerOperation.sample
        operation.notes = "\u{FEFF}marked"
        operation.allowedPaths = ["\u{FEFF}\u{FEFF}twice"]
        try await fixture.append(operation)
        #expect(try fixture.text.contains(#"notes: "\ufeffmarked""#))
        #expect(try fixture.problems() == [])
    }

    @Test("a snapshot has thirty lines at most, and says where it was cut")
    func snapshot() {
        let whole = Snapshot([SnapshotSection(title: "t", lines: (1...29).map(String.init))])
        #expect(whole.lines.count == 30)
        #expect(whole.lines.last == "29")
        let cut = Snapshot([SnapshotSection(title: "t", lines: (1...30).map(String.init))])
        #expect(cut.lines.count == 30)
        #expect(cut.lines.suffix(2) == ["28", "# … more lines, not recorded"])
        #expect(
            Snapshot([SnapshotSection(title: "t", lines: ["a \u{1B}b\u{0}  ", "\tc", ""])]).lines == [
                "# t", "a \\x1bb\\x00", "\tc",
            ])
    }
}
