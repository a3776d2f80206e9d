import Foundation
import Testing
import TestSupport

@Suite("The configuration reference")
struct ReferenceTests {
    @Test(
        "docs/CONFIGURATION.md is what `gatehost gates --markdown` prints: run `make docs` after a change of settings")
    func current() async throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../docs/CONFIGURATION.md")
        let printed = try await HostProcess(["gates", "--markdown"]).finish()
        #expect(try String(contentsOf: file, encoding: .utf8) == printed.output)
    }
}
