import Foundation
import TestSupport
import Testing

@Suite("Subcommands that are programs of their own")
struct SiblingProgramTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Copies programs of this build into a folder that holds nothing else.
    private func install(_ names: String...) throws -> URL {
        let build = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for name in names {
            try FileManager.default.copyItem(
                at: build.appendingPathComponent(name), to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        }
        return URL(fileURLWithPath: "\(folder.path)/gatehost")
    }

    @Test("end with 1 and name the missing file and how to build it", arguments: ["demo", "ledger"])
    func missing(command: String) async throws {
        let gatehost = try install("gatehost")
        let result = try await HostProcess(executable: gatehost, [command, "--help"]).finish()
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(
            result.errors.hasPrefix(
                "error: \(folder.path)/gatehost-\(command) cannot be run: No such file or directory\n"))
        #expect(result.errors.contains("swift build -c release --product gatehost-\(command)"))
    }

    @Test("run where they were copied to, without the build's other files, also through a symbolic link")
    func copied() async throws {
        let gatehost = try install("gatehost", "gatehost-demo")
        let links = try TemporaryFolder()
        let link = URL(fileURLWithPath: "\(links.path)/gatehost")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: gatehost)
        let result = try await HostProcess(executable: link, ["demo", "--rate", "2000"]).finish()
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(result.output.contains("entries decided"))
    }
}
