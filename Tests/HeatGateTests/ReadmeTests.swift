import Foundation
import GateAPI
import HeatGate
import Testing

@Suite struct ReadmeTests {
    @Test("the README lists every setting with its default, every reason and every record")
    func complete() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "Sources/Gates/HeatGate/README.md"), encoding: .utf8)
        for info in SettingsSchema<HeatGate.Settings>().infos {
            #expect(readme.contains("| `\(info.key)` | \(info.defaultText) |"), "\(info.key)")
            #expect(readme.contains(info.summary), "\(info.key)")
            if let range = info.range { #expect(readme.contains("| \(range) |"), "\(info.key)") }
        }
        for code in HeatGate.Reason.allCases.map(\.rawValue) + HeatGate.records.flatMap({ $0.keys.map(\.description) })
        {
            #expect(readme.contains("`\(code)`"), "\(code)")
        }
    }
}
