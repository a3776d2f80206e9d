import Foundation
import Testing
import TestSupport

@Suite("The proof that enforced budgets block", .serialized)
struct ProofTests {
    private func prove(_ environment: [String: String] = [:]) async throws -> (status: Int32, lines: [Substring]) {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../scripts/proof_p28_enforce_block.sh")
        let binaries = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
        let process = try HostProcess(
            executable: URL(fileURLWithPath: "/bin/bash"), [script.path],
            environment: ["BIN": binaries].merging(environment) { $1 })
        let result = try await process.finish(within: 240)
        return (result.status, result.output.split(separator: "\n"))
    }

    @Test("passes with a working gate")
    func passes() async throws {
        let (status, lines) = try await prove()
        #expect(lines.last == "SUMMARY: PASS", "\(lines.filter { $0.contains("FAIL") })")
        #expect(status == 0)
        #expect(lines.filter { $0.hasPrefix("  ok") }.count >= 25)
    }

    @Test("fails with a gate broken on purpose", arguments: ["off", "shadow"])
    func fails(mode: String) async throws {
        let (status, lines) = try await prove(["PROOF_GATE_MODE": mode])
        #expect(lines.last == "SUMMARY: FAIL")
        #expect(status == 1)
        #expect(lines.contains { $0.hasPrefix("  FAIL  outcome: expected block, observed permit") })
    }
}
