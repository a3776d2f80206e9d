import Foundation
import GateAPI
import HeatGate
import KillSwitch
import P28Budget
import SpreadCapExample
import Testing

/// Each gate's README lists everything that the gate declares.
@Suite struct ReadmeTests {
    struct Documented: Sendable, CustomTestStringConvertible {
        let readme: String
        let gate: any Gate.Type

        var testDescription: String { readme }
    }

    static let gates = [
        Documented(readme: "Sources/Gates/P28Budget/README.md", gate: P28Budget.self),
        Documented(readme: "Sources/Gates/HeatGate/README.md", gate: HeatGate.self),
        Documented(readme: "Sources/Gates/KillSwitch/README.md", gate: KillSwitch.self),
        Documented(readme: "Examples/SpreadCapHost/Sources/SpreadCap/README.md", gate: SpreadCap.self),
    ]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The declarations of a gate that a README does not list.
    private static func missing<G: Gate>(from readme: String, _ gate: G.Type) -> [String] {
        var texts = [G.name]
        for setting in SettingsSchema<G.Settings>().infos {
            texts += [
                "| `\(setting.key)` | \(setting.defaultText) | \(setting.range.map { "\($0) " } ?? "")",
                setting.summary,
            ]
            if let variable = setting.variable { texts.append("`\(variable)`") }
        }
        texts += (G.Reason.allCases.map(\.rawValue) + G.records.flatMap { $0.keys.map(\.description) }).map {
            "`\($0)`"
        }
        if let variable = G.modeVariable { texts.append("`\(variable)`") }
        return texts.filter { !readme.contains($0) }
    }

    @Test("a gate's README lists every setting with its default, every reason and every record", arguments: gates)
    func lists(documented: Documented) throws {
        let readme = try String(contentsOf: Self.root.appending(path: documented.readme), encoding: .utf8)
        #expect(Self.missing(from: readme, documented.gate) == [])
        let sections = [
            "Summary", "Records", "Settings", "Verdicts and reasons", "Fails open when", "Example configuration",
            "Testing",
        ]
        let headings = readme.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
        #expect(headings == sections)
    }

    @Test("a declaration that a README does not list is reported")
    func finds() {
        let readme = "kill-switch `kill_switch_active` `quantum:kill`"
        let missing = Self.missing(from: readme, KillSwitch.self)
        #expect(missing.contains("| `stop_reductions` | false | "))
        #expect(missing.contains("`quantum:global:kill_switch`"))
        #expect(!missing.contains("`quantum:kill`"))
    }

    @Test("every gate of the project has a README that is tested")
    func complete() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Sources/Gates").path())
        for folder in folders {
            #expect(Self.gates.contains { $0.readme == "Sources/Gates/\(folder)/README.md" }, "\(folder)")
        }
    }
}
