import ArgumentParser
import Platform
import PortfolioRisk

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks the environment and prints the effective settings; exits with 1 on a mistake.")

    func run() throws {
        let configuration = try RiskConfiguration.loadOrExit()
        let width = configuration.effective.map(\.variable.count).max() ?? 0
        for setting in configuration.effective {
            let padding = String(repeating: " ", count: width - setting.variable.count)
            let source = setting.isFromEnvironment ? "environment" : "default"
            Console.print("\(setting.variable)\(padding) = \(setting.value)  # \(source): \(setting.summary)")
        }
        for warning in configuration.warnings { Console.printError("environment: warning: \(warning)") }
    }
}
