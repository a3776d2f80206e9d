import Foundation
import Testing

private let units = ["gatehost", "portfolio-risk-governor", "portfolio-state-updater", "gatehost-redis-tls"]

@Suite("systemd units", .enabled(if: Tool.systemdAnalyze != nil, "systemd-analyze is not installed (Debian: systemd)"))
struct SystemdUnitTests {
    /// A root with the units, the targets that every unit wants, and programs where the units look for them.
    private func root(_ change: (String) -> String = { $0 }) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for unit in units {
            try folder.write(
                change(Repository.text("ops/systemd/\(unit).service")), to: "etc/systemd/system/\(unit).service")
        }
        for target in ["sysinit", "basic", "shutdown", "multi-user", "network-online"] {
            try folder.write("[Unit]\nDescription=Stands for the system's\n", to: "etc/systemd/system/\(target).target")
        }
        for program in ["usr/local/bin/gatehost", "usr/local/bin/portfolio-risk-governor", "usr/bin/stunnel", "bin/rm"]
        {
            try folder.write("#!/bin/sh\n", to: program, executable: true)
        }
        return folder
    }

    private func verify(_ folder: ScratchFolder) throws -> Tool.Result {
        try #require(Tool.systemdAnalyze).run(
            ["verify", "--man=no", "--root=\(folder.url.path)"] + units.map { $0 + ".service" })
    }

    @Test("systemd-analyze verify has nothing to say")
    func verified() throws {
        let folder = try root()
        let result = try verify(folder)
        #expect(result.status == 0)
        #expect(result.output.isEmpty, "\(result.output)")
    }

    @Test("it would say something of a misspelt setting")
    func misspelt() throws {
        let folder = try root { $0.replacing("TimeoutStopSec", with: "TimeoutStopSek") }
        #expect(try verify(folder).output.contains("Unknown key"))
    }

    @Test("the units are exposed no more than 1.5 of 10", arguments: units)
    func exposure(unit: String) throws {
        let path = Repository.root.appending(path: "ops/systemd/\(unit).service").path
        let result = try #require(Tool.systemdAnalyze).run([
            "security", "--offline=true", "--no-pager", "--threshold=15", path,
        ])
        #expect(result.status == 0, "\(result.output.split(separator: "\n").last ?? "")")
    }
}
