import Foundation
import PortfolioRisk
import PortfolioStateUpdater
import Testing

@Suite("Environment files")
struct EnvironmentFileTests {
    private struct Assignment {
        let name: String
        let value: String
        let isActive: Bool
    }

    /// `NAME=value`, in force or behind `#`.
    private static func assignments(_ unit: String) throws -> [Assignment] {
        try Repository.text("ops/systemd/\(unit).env").split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: /(#?)([A-Z][A-Z0-9_]*)=(.*)/) else { return nil }
            return Assignment(
                name: String(match.output.2), value: String(match.output.3), isActive: match.output.1.isEmpty)
        }
    }

    private static func values(_ assignments: [Assignment]) -> [String: String] {
        Dictionary(assignments.map { ($0.name, $0.value) }) { $1 }
    }

    private static let stateVariables = Set(PortfolioStateEnvironment.infos.compactMap(\.variable))
        .union([PortfolioStateEnvironment.keyVariable, PortfolioStateEnvironment.secretVariable])

    @Test(
        "every unit reads its own file, which is optional",
        arguments: ["gatehost", "portfolio-risk-governor", "portfolio-state-updater"])
    func named(unit: String) throws {
        #expect(
            try Repository.text("ops/systemd/\(unit).service").contains(
                "\nEnvironmentFile=-/etc/gatehost/\(unit).env\n"))
        #expect(
            try Repository.text("ops/systemd/\(unit).env").contains(
                "install -m 0600 -o root -g root \(unit).env /etc/gatehost/"))
    }

    @Test("gatehost.env knows only variables of the deployment file")
    func host() throws {
        let reference = try Repository.text("docs/CONFIGURATION.md")
        for assignment in try Self.assignments("gatehost") {
            #expect(reference.contains("`\(assignment.name)`"), "\(assignment.name)")
        }
    }

    @Test("portfolio-risk-governor.env is accepted, as it is and with everything set")
    func risk() throws {
        let assignments = try Self.assignments("portfolio-risk-governor")
        for chosen in [assignments.filter(\.isActive), assignments] {
            let configuration = try RiskConfiguration.load(environment: Self.values(chosen))
            #expect(configuration.warnings.isEmpty)
            let known = Set(configuration.effective.map(\.variable)).union(Self.stateVariables)
            for assignment in chosen { #expect(known.contains(assignment.name), "\(assignment.name)") }
        }
    }

    @Test("portfolio-state-updater.env is accepted, as it is and with everything set")
    func updater() throws {
        let assignments = try Self.assignments("portfolio-state-updater")
        for chosen in [assignments.filter(\.isActive), assignments] {
            _ = try PortfolioStateSettings(environment: Self.values(chosen))
            for assignment in chosen where assignment.name != "REDIS_URL" {
                #expect(Self.stateVariables.contains(assignment.name), "\(assignment.name)")
            }
        }
    }

    @Test("no file holds a secret", arguments: ["gatehost", "portfolio-risk-governor", "portfolio-state-updater"])
    func secrets(unit: String) throws {
        for assignment in try Self.assignments(unit) where assignment.name.contains(/TOKEN|KEY|SECRET/) {
            #expect(assignment.value.isEmpty, "\(assignment.name)")
        }
    }
}
