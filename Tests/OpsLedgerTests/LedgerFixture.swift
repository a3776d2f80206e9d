import Foundation
import OpsLedger
import Platform
import Synchronization
import TestSupport

/// A repository of a test's own with a ledger in it, and a clock that the test sets.
final class LedgerFixture: Sendable {
    let root: String
    private let time: Mutex<UTCTime>

    /// 2026-01-28T10:15:00 UTC
    static let start = UTCTime(seconds: 1_769_595_300, microseconds: 123_456)

    init() throws {
        root = NSTemporaryDirectory() + "ops-ledger-" + UUID().uuidString
        time = Mutex(Self.start)
        try FileManager.default.createDirectory(atPath: "\(root)/.git", withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    var path: String { "\(root)/docs/OPS_CHANGELOG.md" }

    var ledger: Ledger {
        Ledger(path: path) { [self] in time.withLock { $0 } }
    }

    func advance(days: Int) {
        time.withLock { $0 = UTCTime(seconds: $0.seconds + Int64(days) * 86_400, microseconds: $0.microseconds) }
    }

    var text: String {
        get throws { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) }
    }

    func rewrite(_ change: (String) -> String) throws {
        try Data(change(try text).utf8).write(to: URL(fileURLWithPath: path))
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/\(name)"))
    }

    @discardableResult
    func append(_ operation: LedgerOperation = .sample, strict: Bool = false, facts: LedgerFacts = .sample) async throws
        -> Ledger.Result
    {
        try await ledger.append(operation, strict: strict) { _ in facts }
    }

    /// Every problem, as `verify` prints it, with the file's name alone.
    func problems() throws -> [String] {
        try ledger.verify().problems.map { $0.description(file: "L") }
    }

    /// The texts between the fences, newest first.
    func entries() throws -> [String] {
        try text.components(separatedBy: "\n```yaml\n").dropFirst().map {
            $0.components(separatedBy: "\n```\n")[0] + "\n"
        }
    }
}

extension LedgerOperation {
    static var sample: LedgerOperation {
        LedgerOperation(
            name: "P2.8 deploy", objective: "Budgets that block", riskClass: .serviceRestart,
            blastRadius: "governor only",
            changesSummary: "New build")
    }

    static func named(_ identifier: String) -> LedgerOperation {
        var operation = sample
        operation.identifier = identifier
        return operation
    }
}

extension LedgerFacts {
    static var sample: LedgerFacts {
        var facts = LedgerFacts()
        facts.gitCommit = "a1b2c3d4"
        facts.gitBranch = "main"
        facts.hostname = "host-1"
        return facts
    }
}

func sha256(_ text: String) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "text")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [file]
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return String(line.prefix(64))
}
