import Deployment
import Foundation
import GateHost
import HeatGate
import KillSwitch
import P28Budget
import Testing
import TestSupport

@Suite("Example deployments")
struct ExampleConfigurationTests {
    @Test(
        "every file in config loads with the gates of the product",
        arguments: [
            ("gatehost.yaml", ["p28-budget", "kill-switch", "heat"], [GateMode.shadow, .shadow, .shadow]),
            ("production.yaml", ["p28-budget", "kill-switch", "heat"], [.enforce, .enforce, .enforce]),
            ("testnet.json", ["heat", "p28-budget"], [.enforce, .enforce]),
        ])
    func loads(file: String, order: [String], modes: [GateMode]) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../config")
        let configuration = try HostConfiguration.load(
            path: folder.appendingPathComponent(file).path,
            registry: GateRegistry([P28Budget.self, KillSwitch.self, HeatGate.self]), environment: [:])
        #expect(configuration.gates.map(\.name) == order)
        #expect(configuration.gates.map(\.mode) == modes)
        #expect(configuration.firstGate == order[0])
    }

    @Test("the default deployment names every option of the host")
    func everyOption() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../config/gatehost.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let configuration = try TestConfiguration.make("  - { gate: alpha, mode: enforce }")
        let options = configuration.effective.map(\.path).filter { !$0.hasPrefix("gates") }
        #expect(options.count > 25)
        for option in options {
            let key = option.split(separator: ".").last ?? ""
            #expect(
                text.contains("\n\(key):") || text.contains("  \(key):") || text.contains("# \(key):"),
                "\(option) is missing")
        }
    }

    @Test("the default deployment sets every setting of its gates, to its default")
    func everySetting() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../config")
        let configuration = try HostConfiguration.load(
            path: folder.appendingPathComponent("gatehost.yaml").path,
            registry: GateRegistry([P28Budget.self, KillSwitch.self, HeatGate.self]), environment: [:])
        let settings = configuration.effective.filter { $0.path.contains(".settings.") }
        #expect(settings.count > 15)
        #expect(settings.filter { $0.source == .default }.map(\.path) == [])
    }

    @Test("this test covers every file in config")
    func complete() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../config")
        let deployments = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".yaml") || $0.hasSuffix(".json")
        }
        #expect(Set(deployments) == ["gatehost.yaml", "production.yaml", "testnet.json"])
    }
}
