import Foundation
import TestSupport
import Testing

/// Runs the Python tests of `Examples/ExecutionLayer`. They are never skipped: without redis-py this test fails.
@Suite("The reference execution layer")
struct ExecutionLayerTests {
    /// The system's Python, because Debian installs redis-py for it.
    private static let interpreter = URL(filePath: "/usr/bin/python3")
    private static let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples/ExecutionLayer").path

    @Test("passes its own tests, all of them")
    func pythonTests() async throws {
        let process = try HostProcess(
            executable: Self.interpreter,
            ["-B", "-m", "unittest", "discover", "-t", Self.example, "-s", Self.example + "/tests"],
            environment: ["TMPDIR": NSTemporaryDirectory(), "LC_ALL": "C.UTF-8"])
        let result = try await process.finish(within: 120)
        #expect(result.status == 0, "\(result.errors)\nMissing redis-py? Run scripts/setup.sh python")
        // unittest reports to standard error. A skipped test would say `OK (skipped=1)`.
        let lines = result.errors.split(separator: "\n")
        #expect(lines.last == "OK", "\(result.errors)")
        let count = lines.compactMap { $0.wholeMatch(of: /Ran (\d+) tests in .*/) }.first.flatMap { Int($0.output.1) }
        #expect(try #require(count) >= 49)
    }
}
