import Foundation
import Testing

/// The arrows of docs/ARCHITECTURE.md.
@Suite("Layering")
struct LayeringTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The modules below Sources, from the bottom up.
    private static let modules = Layers([
        ("Platform", uses: []), ("Bytes", uses: []), ("GateAPI", uses: []),
        ("CHiredis", uses: []), ("JSONText", uses: ["Bytes", "Platform"]),
        ("EmbeddedRedis", uses: []),
        ("Telemetry", uses: ["JSONText", "Platform"]),
        ("Redis", uses: ["Bytes", "CHiredis"]),
        ("TradingState", uses: ["Bytes", "GateAPI", "JSONText", "Platform"]),
        ("P28Budget", uses: ["GateAPI", "TradingState"]), ("HeatGate", uses: ["GateAPI", "TradingState"]),
        ("KillSwitch", uses: ["GateAPI", "TradingState"]),
        ("Deployment", uses: ["GateAPI", "Platform", "Redis", "Telemetry"]),
        ("AdminHTTP", uses: ["Platform"]),
        (
            "GateHost",
            uses: [
                "AdminHTTP", "Bytes", "Deployment", "GateAPI", "JSONText", "Platform", "Redis", "Telemetry",
                "TradingState",
            ]
        ),
        (
            "PortfolioRisk",
            uses: ["AdminHTTP", "GateAPI", "JSONText", "Platform", "Redis", "Telemetry", "TradingState"]
        ),
        (
            "PortfolioStateUpdater",
            uses: ["GateAPI", "JSONText", "Platform", "Redis", "Telemetry", "TradingState"]
        ),
        ("OpsLedger", uses: ["Platform", "Redis"]),
        ("PlanFiles", uses: ["GateAPI"]),
        // The trading program carries neither the demo nor the ops ledger nor the budget service.
        (
            "GateHostCommand",
            uses: [
                "Deployment", "GateAPI", "GateHost", "JSONText", "PlanFiles", "Platform", "Redis", "Telemetry",
                "TradingState",
            ]
        ),
        ("GateHostCLI", uses: ["GateAPI", "GateHostCommand", "HeatGate", "KillSwitch", "P28Budget"]),
        (
            "GateHostDemo",
            uses: [
                "Deployment", "EmbeddedRedis", "GateAPI", "GateHost", "HeatGate", "P28Budget", "PlanFiles", "Platform",
                "PortfolioRisk", "Redis", "Telemetry", "TradingState",
            ]
        ),
        ("OpsLedgerCLI", uses: ["OpsLedger", "Platform"]),
        (
            "PortfolioRiskCLI",
            uses: ["GateAPI", "Platform", "PortfolioRisk", "PortfolioStateUpdater", "Redis", "Telemetry"]
        ),
    ])

    /// The folders of Sources/GateHost, from the bottom up.
    private static let folders = Layers([
        ("Plans", uses: []), ("Runtime", uses: []), ("Ledger", uses: []),
        ("Pipeline", uses: ["Plans"]),
        ("Stream", uses: ["Plans", "Runtime"]), ("Inputs", uses: ["Plans", "Runtime", "Ledger"]),
        ("Commit", uses: ["Plans", "Ledger"]),
        ("Containment", uses: ["Plans", "Pipeline"]),
        ("Status", uses: ["Plans", "Pipeline", "Commit", "Containment"]),
        (
            "Session",
            uses: ["Plans", "Runtime", "Pipeline", "Stream", "Inputs", "Commit", "Containment", "Status"]
        ),
        (
            "Settlement",
            uses: ["Plans", "Runtime", "Pipeline", "Stream", "Inputs", "Ledger", "Status", "Session"]
        ),
        ("Group", uses: ["Runtime", "Status", "Session"]),
        ("Admin", uses: ["Plans", "Containment", "Status"]),
        (
            "GateHost/",
            uses: ["Runtime", "Pipeline", "Commit", "Containment", "Status", "Session", "Settlement", "Group"]
        ),
    ])

    private static func module(_ file: SourceFile) -> String {
        let parts = file.path.split(separator: "/").map(String.init)
        return parts[1] == "Gates" ? parts[2] : parts[1]
    }

    private static func folder(_ file: SourceFile) -> String {
        let parts = file.path.split(separator: "/").map(String.init)
        return parts.count > 3 ? parts[2] : "GateHost/"
    }

    @Test("no module imports one above it")
    func moduleImports() throws {
        let files = try SourceFile.all(below: "Sources", of: Self.root)
        #expect(files.count > 150)
        #expect(Self.modules.violations(ofImportsIn: files, module: Self.module) == [])
    }

    @Test("no folder of the host uses a type of a folder above it")
    func hostFolders() throws {
        let files = try SourceFile.all(below: "Sources/GateHost", of: Self.root)
        #expect(files.count > 50)
        #expect(Self.folders.violations(ofTypesIn: files, folder: Self.folder) == [])
    }

    @Test("C is reached through Redis alone")
    func hiredis() throws {
        let files = try SourceFile.all(below: "Sources", of: Self.root)
        #expect(files.filter { $0.imports.contains("CHiredis") && Self.module($0) != "Redis" }.map(\.path) == [])
        #expect(files.contains { $0.imports.contains("CHiredis") })
    }

    @Test("an import that points up is found")
    func plantedImport() {
        let planted = SourceFile(
            path: "Sources/GateAPI/Planted.swift", text: "package import Redis\nstruct Planted {}\n")
        #expect(
            Self.modules.violations(ofImportsIn: [planted], module: Self.module)
                == ["Sources/GateAPI/Planted.swift: GateAPI may not import Redis"])
    }

    @Test("a type of a folder above is found, and its name in a comment or a string is not")
    func plantedUse() {
        let session = SourceFile(path: "Sources/GateHost/Session/Session.swift", text: "final class Session {}\n")
        let use = SourceFile(
            path: "Sources/GateHost/Plans/Planted.swift", text: "struct Planted { var session: Session? }\n")
        let harmless = SourceFile(
            path: "Sources/GateHost/Plans/Harmless.swift",
            text: "/// Of a Session.\nlet text = \"Session\" // Session\n")
        #expect(
            Self.folders.violations(ofTypesIn: [session, use, harmless], folder: Self.folder)
                == ["Sources/GateHost/Plans/Planted.swift: Plans may not use Session of Session"])
    }
}
