import ArgumentParser
import Platform
import PortfolioRisk

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks the environment and prints the effective settings; exits with 1 on a mistake.",
        discussion: """
            The last line tells the mode that the service would start in, if Redis answers: a change at run time \
            outlives P28_MODE.
            """)

    func run() async throws {
        let environment = try ServiceEnvironment.loadOrExit()
        let effective = environment.risk.effective
        let width = effective.map(\.variable.count).max() ?? 0
        for setting in effective {
            let padding = String(repeating: " ", count: width - setting.variable.count)
            let source = setting.isFromEnvironment ? "environment" : "default"
            Console.print("\(setting.variable)\(padding) = \(setting.value)  # \(source): \(setting.summary)")
        }
        Console.print("# mode at a start: \(await StartMode.find(environment.risk).text)")
        for warning in environment.warnings { Console.printError("environment: warning: \(warning)") }
    }
}
