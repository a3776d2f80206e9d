import Foundation
import Testing

@testable import GateHostBench

@Suite("What the bench measures")
struct WorkloadTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("the deployment is the shipped one, with values replaced and nothing else")
    func deployment() throws {
        let path = Self.root.appending(path: "config/gatehost.yaml").path
        let shipped = try ShippedDeployment(path: path)
        var changed = shipped
        try changed.set("reserve", false)
        try changed.set("mode", "enforce")
        changed.append(gates: ["order-cap-a"])
        let before = shipped.text.split(separator: "\n", omittingEmptySubsequences: false)
        let after = changed.text.split(separator: "\n", omittingEmptySubsequences: false)
        let different = zip(before, after).filter { $0 != $1 }
        #expect(different.allSatisfy { $0.0.contains("reserve: true") || $0.0.contains("mode: shadow") })
        #expect(different.contains { $0.1 == "      reserve: false" })
        #expect(different.count { $0.1 == "    mode: enforce" } == Scenario.shippedGates)
        #expect(changed.text.hasSuffix("\n  - gate: order-cap-a\n    mode: enforce\n"))
    }

    @Test("a key that the file does not have is an error")
    func unknownKey() {
        var deployment = ShippedDeployment(text: "intake:\n  batch: 128\n  # block: 1s\n")
        #expect(throws: BenchError.self) { try deployment.set("block", "2s") }
        #expect(throws: Never.self) { try deployment.set("batch", 8) }
        #expect(deployment.text == "intake:\n  batch: 8\n  # block: 1s\n")
    }

    @Test("of 40 plans, 28 are entries, 7 are closes and 5 are over the budget")
    func usualMix() {
        let workload = Workload(symbols: 20)
        let kinds = (0..<40).map(workload.kind)
        #expect(kinds.count { $0 == .entry } == 28)
        #expect(kinds.count { $0 == .close } == 7)
        #expect(kinds.count { $0 == .overBudget } == 5)
    }

    @Test("live grants are made of entries alone, and what stands in for them is blocked")
    func singleKinds() {
        let entries = Workload(symbols: 1, mix: .entriesOnly)
        #expect((0..<100).allSatisfy { entries.outcome($0) == .permit && entries.kind($0) == .entry })
        let blocks = Workload(symbols: 1, mix: .blocksOnly)
        #expect((0..<100).allSatisfy { blocks.outcome($0) == .block && blocks.instrument($0) == 0 })
    }

    @Test("the shares of an execution layer's reports are three percentages of at most 100 in all")
    func execution() throws {
        let execution = try #require(Execution(mix: "90,4,4"))
        #expect(execution.executed == 90)
        #expect(execution.refused == 4)
        #expect(execution.withheld == 4)
        #expect(execution.reported == 98)
        for text in ["", "90", "90,4", "90,4,4,2", "90,4,x", "-1,4,4", "90,8,4"] {
            #expect(Execution(mix: text) == nil, "\(text)")
        }
    }
}
