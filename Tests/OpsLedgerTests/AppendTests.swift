import Foundation
import OpsLedger
import TestSupport
import Testing
import Yams

@Suite("ledger append")
struct AppendTests {
    static let zeros = String(repeating: "0", count: 64)

    @Test("writes an entry to the letter, with the facts in their order")
    func letter() async throws {
        let fixture = try LedgerFixture()
        try fixture.write("SUMMARY: PASS\n", to: "proof.log")
        var operation = LedgerOperation.sample
        operation.name = "P2.8: \"enforce\" # now"
        operation.outcome = .rollback
        operation.rollbackOf = "OPS-2026-01-27-011"
        operation.allowedPaths = ["config/a.yaml, config/b.yaml", "docs/"]
        operation.allowedServices = ["gatehost,portfolio-risk-governor", "gatehost"]
        operation.proofPath = "\(fixture.root)/proof.log"
        operation.notes = "- line one\nline two"
        var facts = LedgerFacts.sample
        facts.services = [
            ServiceState(name: "gatehost", state: "active"),
            ServiceState(name: "portfolio-risk-governor", state: "UNKNOWN"),
        ]
        facts.metrics = [
            SnapshotSection(title: "http://127.0.0.1:8049/metrics | grep 'p28_'", lines: ["p28_enforce_mode 1.0"])
        ]
        facts.redis = [SnapshotSection(title: "redis-cli GET quantum:kill", lines: ["(nil)"])]
        let result = try await fixture.append(operation, facts: facts)
        #expect(result.identifier == "OPS-2026-01-28-001")
        #expect(result.isNew)
        #expect(result.warnings == ["--rollback_of: OPS-2026-01-27-011 is not in this ledger"])

        let modified = try #require(
            try FileManager.default.attributesOfItem(atPath: "\(fixture.root)/proof.log")[.modificationDate] as? Date)
        let recordedTime = try #require(try fixture.text.firstMatch(of: /mtime_utc: "([^"]*)"/)?.1)
        #expect(recordedTime.hasPrefix(modified.formatted(.iso8601.dateTimeSeparator(.standard)).dropLast(1)))

        let entry = """
            ---
            operation_id: "OPS-2026-01-28-001"
            operation_name: "P2.8: \\"enforce\\" # now"
            requested_by: "SELF"
            approved_by: "SELF"
            approval_timestamp: "2026-01-28T10:15:00.123456+00:00"
            execution_timestamp: "2026-01-28T10:15:00.123456+00:00"
            git_commit: "a1b2c3d4"
            git_branch: "main"
            hostname: "host-1"
            risk_class: "SERVICE_RESTART"
            blast_radius: "governor only"
            changes_summary: "New build"
            objective: "Budgets that block"
            outcome: "ROLLBACK"
            rollback_of: "OPS-2026-01-27-011"
            allowed_paths:
              - "config/a.yaml"
              - "config/b.yaml"
              - "docs/"
            allowed_services:
              - "gatehost"
              - "portfolio-risk-governor"
            services_status:
              "gatehost": "active"
              "portfolio-risk-governor": "UNKNOWN"
            proof_file:
              path: "proof.log"
              sha256: "\(try sha256("SUMMARY: PASS\n"))"
              size_bytes: 14
              mtime_utc: "\(recordedTime)"
            metrics_snapshot: |
                # http://127.0.0.1:8049/metrics | grep 'p28_'
                p28_enforce_mode 1.0
            redis_snapshot: |
                # redis-cli GET quantum:kill
                (nil)
            notes: "- line one\\nline two"
            previous_entry_sha256: "\(Self.zeros)"

            """
        #expect(
            try fixture.text == """
                # Operations changelog

                Newest first. Written by `gatehost ledger append`, checked by `gatehost ledger verify`. Do not edit: \
                each entry holds the SHA-256 of the
                entry before it, from its `---` to the line above its closing fence, and the last line of this file \
                that of the newest.

                ## 2026-01

                ```yaml
                \(entry)```

                <!-- entries: 1, newest_entry_sha256: \(try sha256(entry)) -->

                """)
        #expect(try fixture.problems() == [])
        let yaml = try #require(try Yams.load(yaml: entry) as? [String: Any])
        #expect(yaml["allowed_services"] as? [String] == ["gatehost", "portfolio-risk-governor"])
        #expect((yaml["proof_file"] as? [String: Any])?["size_bytes"] as? Int == 14)
        #expect(
            yaml["metrics_snapshot"] as? String
                == "# http://127.0.0.1:8049/metrics | grep 'p28_'\np28_enforce_mode 1.0\n")
        #expect(yaml["notes"] as? String == "- line one\nline two")
    }

    @Test("puts the newest first, under its month, each with the hash of the one before")
    func months() async throws {
        let fixture = try LedgerFixture()
        var identifiers: [String] = []
        for days in [0, 0, 3, 1, 0] {
            fixture.advance(days: days)
            identifiers.append(try await fixture.append().identifier)
        }
        #expect(
            identifiers == [
                "OPS-2026-01-28-001", "OPS-2026-01-28-002", "OPS-2026-01-31-001", "OPS-2026-02-01-001",
                "OPS-2026-02-01-002",
            ])
        let outline = try fixture.text.split(separator: "\n").filter {
            $0.hasPrefix("## ") || $0.hasPrefix("operation_id")
        }
        #expect(
            outline == [
                "## 2026-02", "operation_id: \"OPS-2026-02-01-002\"", "operation_id: \"OPS-2026-02-01-001\"",
                "## 2026-01",
                "operation_id: \"OPS-2026-01-31-001\"", "operation_id: \"OPS-2026-01-28-002\"",
                "operation_id: \"OPS-2026-01-28-001\"",
            ])
        let entries = try fixture.entries()
        for (newer, older) in zip(entries, entries.dropFirst() + [""]) {
            let hash = older.isEmpty ? Self.zeros : try sha256(older)
            #expect(newer.hasSuffix("previous_entry_sha256: \"\(hash)\"\n"))
        }
        #expect(try fixture.problems() == [])
    }

    @Test("keeps what people wrote above the first month")
    func preamble() async throws {
        let fixture = try LedgerFixture()
        try FileManager.default.createDirectory(atPath: "\(fixture.root)/docs", withIntermediateDirectories: false)
        try fixture.write("# Ours\n\nSome words.\n## Rules\n- none\n", to: "docs/OPS_CHANGELOG.md")
        try await fixture.append()
        try await fixture.append()
        #expect(
            try fixture.text.hasPrefix(
                """
                # Ours

                Some words.
                ## Rules
                - none

                ## 2026-01

                ```yaml
                ---
                operation_id: "OPS-2026-01-28-002"

                """))
        #expect(try fixture.problems() == [])
    }

    @Test("gives the next id of the day, after the highest")
    func nextIdentifier() async throws {
        let fixture = try LedgerFixture()
        for identifier in [
            "OPS-2026-01-28-041", "OPS-2026-01-28-007", "OPS-2026-01-27-900", "OPS-2026-01-28-99999999999999999999",
            "release:7",
        ] {
            try await fixture.append(.named(identifier))
        }
        #expect(try await fixture.append().identifier == "OPS-2026-01-28-042")
        try await fixture.append(.named("OPS-2026-01-28-999"))
        #expect(try await fixture.append().identifier == "OPS-2026-01-28-1000")
        #expect(try fixture.problems() == [])
    }

    @Test("an id that is recorded already leaves the file untouched, without asking anyone anything")
    func idempotent() async throws {
        let fixture = try LedgerFixture()
        try await fixture.append(.named("deploy-1"))
        var before = stat()
        stat(fixture.path, &before)
        var again = LedgerOperation.named("deploy-1")
        again.notes = "something else"
        again.proofPath = "/nowhere"
        let result = try await fixture.ledger.append(again, strict: true) { _ in
            Issue.record("facts were collected")
            return .sample
        }
        #expect(result.identifier == "deploy-1")
        #expect(!result.isNew)
        var after = stat()
        stat(fixture.path, &after)
        #expect(before.st_ino == after.st_ino)
        #expect(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.root)/docs") == ["OPS_CHANGELOG.md"])
    }

    @Test("records a missing proof as unknown; strict refuses, and writes nothing")
    func proof() async throws {
        let fixture = try LedgerFixture()
        var operation = LedgerOperation.sample
        operation.proofPath = "\(fixture.root)/no.log"
        let message = "proof file '\(fixture.root)/no.log' cannot be read: No such file or directory"
        await #expect { try await fixture.append(operation, strict: true) } throws: { error in
            (error as? LedgerError)?.code == .notRecorded && (error as? LedgerError)?.message == message
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.path))
        #expect(try await fixture.append(operation).warnings == [message])
        let entry = try #require(try fixture.entries().first)
        #expect(
            entry.contains(
                """
                proof_file:
                  path: "no.log"
                  sha256: "UNKNOWN"
                  size_bytes: "UNKNOWN"
                  mtime_utc: "UNKNOWN"

                """))
        let line = try #require(try fixture.text.components(separatedBy: "\n").firstIndex(of: "proof_file:")) + 1
        #expect(
            try fixture.problems() == ["L:\(line): warning: proof file 'no.log' could not be read when it was recorded"]
        )
    }

    @Test("hides the secrets of URLs")
    func secrets() async throws {
        let fixture = try LedgerFixture()
        var operation = LedgerOperation.sample
        operation.name = "moved redis://ops:hunter2@db:6379/0 to https://a/b?api_key=hunter2&x=1"
        operation.notes = "see http://u:hun/ter2@h/p, http://plain:8049/metrics?name=p28 and redis://:hunter2@[::1]"
        operation.allowedPaths = ["s3://hunter2@bucket"]
        var facts = LedgerFacts.sample
        facts.metrics = [
            SnapshotSection(title: "http://u:hunter2@h/metrics: FAILED", lines: ["url=\"http://hunter2@h\" 1"])
        ]
        try await fixture.append(operation, facts: facts)
        let text = try fixture.text
        #expect(!text.contains("hunter2") && !text.contains("hun/ter2"))
        #expect(text.contains("operation_name: \"moved redis://***@db:6379/0 to https://a/b?api_key=***&x=1\""))
        #expect(
            text.contains("notes: \"see http://***@h/p, http://plain:8049/metrics?name=p28 and redis://***@[::1]\""))
        #expect(text.contains("    # http://***@h/metrics: FAILED\n    url=\"http://***@h\" 1\n"))
    }

    static let refusals: [(String, @Sendable (inout LedgerOperation) -> Void)] = [
        ("--operation is empty", { $0.name = " \n" }),
        ("--notes contains a NUL character", { $0.notes = "a\u{0}b" }),
        ("--objective is longer than 16384 bytes", { $0.objective = String(repeating: "x", count: 16_385) }),
        ("--operation_id: an id has 1 to 128 letters, digits and . _ : - characters", { $0.identifier = "two words" }),
        ("--rollback_of: an id has 1 to 128 letters, digits and . _ : - characters", { $0.rollbackOf = "" }),
        (
            "--allowed_services: '$(reboot)' is not the name of a systemd unit",
            { $0.allowedServices = ["ok,$(reboot)"] }
        ),
        (
            "--metrics_urls: 'file:///etc/passwd' is not an http:// or https:// URL",
            { $0.metricsURLs = ["file:///etc/passwd"] }
        ),
        ("--metrics_grep: '(' is not a regular expression", { $0.metricsPatterns = ["("] }),
        (
            "--redis_cmds: 'GET \"a' is not a command: it is empty or a quote is not closed",
            { $0.redisCommands = ["GET \"a"] }
        ),
    ]

    @Test("refuses what can never be recorded", arguments: refusals)
    func refused(_ message: String, _ change: @Sendable (inout LedgerOperation) -> Void) async throws {
        let fixture = try LedgerFixture()
        var operation = LedgerOperation.sample
        change(&operation)
        await #expect { try await fixture.append(operation) } throws: { error in
            (error as? LedgerError)?.code == .invalidRequest && (error as? LedgerError)?.message == message
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.path))
    }

    @Test("does not add to a ledger that does not verify, nor to one from the future")
    func broken() async throws {
        let fixture = try LedgerFixture()
        try await fixture.append()
        let good = try fixture.text
        try fixture.rewrite { $0.replacingOccurrences(of: "governor only", with: "governor  only") }
        let changed = try fixture.text
        await #expect { try await fixture.append() } throws: { error in
            (error as? LedgerError)?.message.hasSuffix("; nothing is added to a ledger that does not verify") == true
        }
        #expect(try fixture.text == changed)
        try fixture.rewrite { _ in good }
        fixture.advance(days: -60)
        await #expect { try await fixture.append() } throws: { error in
            (error as? LedgerError)?.message
                == "\(fixture.path): the clock says 2025-11, but the newest entry is of 2026-01"
        }
        #expect(try fixture.text == good)
    }

    @Test("a link to the ledger stays a link, and the file keeps its mode")
    func link() async throws {
        let fixture = try LedgerFixture()
        try await fixture.append()
        chmod(fixture.path, 0o664)
        let link = "\(fixture.root)/link.md"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: fixture.path)
        _ = try await Ledger(path: link) { LedgerFixture.start }.append(.sample) { _ in .sample }
        #expect(try fixture.entries().count == 2)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == fixture.path)
        #expect(try FileManager.default.attributesOfItem(atPath: fixture.path)[.posixPermissions] as? Int == 0o664)
    }

    @Test("twenty at once all land in one chain")
    func concurrent() async throws {
        let fixture = try LedgerFixture()
        let identifiers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await fixture.append().identifier } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(identifiers == Set((1...20).map { "OPS-2026-01-28-0\($0 < 10 ? "0" : "")\($0)" }))
        #expect(try fixture.problems() == [])
        #expect(try fixture.entries().count == 20)
    }
}
