import Foundation
import OpsLedger
import TestSupport
import Testing

@Suite("gatehost ledger")
struct LedgerCommandTests {
    private static let required = [
        "--operation", "P2.8 deploy", "--objective", "o", "--risk_class", "READ_ONLY", "--blast_radius", "none",
        "--changes_summary", "c",
    ]

    private func ledger(_ arguments: [String]) async throws -> HostProcess.Result {
        try await HostProcess(["ledger"] + arguments, environment: ["REDIS_URL": "redis://ops:hunter2@127.0.0.1:1/0"])
            .finish()
    }

    @Test("records, says so a second time, and verifies")
    func roundTrip() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/ledger.md"
        let append = ["append", "--ledger", file, "--operation_id", "deploy-1"] + Self.required
        let first = try await ledger(append + ["--redis_cmds", "GET quantum:kill", "--notes=-dash"])
        #expect(first.status == 0)
        #expect(first.output == "recorded deploy-1 in \(file)\n")
        #expect(first.errors.contains("warning: REDIS_URL: "))
        #expect(!first.errors.contains("hunter2"))
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("redis_snapshot: |\n    # redis-cli GET quantum:kill: FAILED\nnotes: \"-dash\"\n"))
        let second = try await ledger(append + ["--strict"])
        #expect(second.status == 0)
        #expect(second.output == "deploy-1 is already recorded in \(file): nothing was changed\n")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        let verify = try await ledger(["verify", "--ledger", file])
        #expect(verify.status == 0)
        #expect(verify.output == "\(file): ok, entries: 1, the newest is deploy-1\n")
    }

    @Test("a ledger that cannot be written fails a strict call only")
    func strict() async throws {
        let append = ["append", "--ledger", "/proc/none/ledger.md"] + Self.required
        let lenient = try await ledger(append)
        #expect(lenient.status == 0)
        #expect(lenient.output == "")
        #expect(lenient.errors.hasPrefix("warning: not recorded: /proc/none cannot be made: "))
        let strict = try await ledger(append + ["--strict"])
        #expect(strict.status == 1)
        #expect(strict.errors.hasPrefix("error: not recorded: /proc/none cannot be made: "))
    }

    @Test(
        "a wrong call ends with 2 and says why",
        arguments: [
            (["append"], "Missing expected argument '--operation <operation>'"),
            (["append", "--bogus"] + required, "Unknown option '--bogus'"),
            (
                ["append", "--risk_class", "HARMLESS"] + required.dropLast(2),
                "The value 'HARMLESS' is invalid for '--risk_class <risk_class>'"
            ),
            (["append", "--outcome", "FAILED"] + required, "The value 'FAILED' is invalid for '--outcome <outcome>'"),
            (["append", "--notes"] + required, "Missing value for '--notes <notes>'"),
            (["append", "--redis_cmds", "FLUSHALL"] + required, "'FLUSHALL' is not among the read-only commands"),
            (["append", "--operation_id", "a b"] + required, "--operation_id: an id has 1 to 128 letters"),
            (["verify", "extra"], "Unexpected argument 'extra'"),
        ])
    func usage(_ arguments: [String], _ message: String) async throws {
        let result = try await ledger(arguments)
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output == "")
    }

    @Test("verify prints each problem with its place, and ends with 1")
    func problems() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/ledger.md"
        let missing = try await ledger(["verify", "--ledger", file])
        #expect(missing.status == 1)
        #expect(missing.errors == "\(file): error: \(file) cannot be read: No such file or directory\n")
        _ = try await ledger(["append", "--ledger", file] + Self.required)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacingOccurrences(of: "READ_ONLY", with: "READ_0NLY").write(
            toFile: file, atomically: true, encoding: .utf8)
        let result = try await ledger(["verify", "--ledger", file])
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("\(file):19: error: risk_class is not one of READ_ONLY, "))
    }

    @Test("help lists every option of both commands", arguments: [["append", "--help"], ["verify", "--help"]])
    func help(_ arguments: [String]) async throws {
        let result = try await ledger(arguments)
        #expect(result.status == 0)
        #expect(result.output.contains("USAGE: gatehost ledger \(arguments[0])"))
        #expect(result.output.contains("--ledger <ledger>"))
    }

    @Test("twenty processes at once all land in one chain")
    func concurrent() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/ledger.md"
        let processes = try (0..<20).map { _ in
            try HostProcess(["ledger", "append", "--strict", "--ledger", file] + Self.required)
        }
        for process in processes { #expect(try await process.finish().status == 0) }
        let verify = try Ledger(path: file).verify()
        #expect(verify.problems.isEmpty)
        #expect(verify.audit.count == 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger.md"])
    }
}
