import ArgumentParser
import Platform
import PortfolioRisk

extension RiskConfiguration {
    /// Reads the environment, or prints every error in it and exits with 1.
    static func loadOrExit() throws -> RiskConfiguration {
        do throws(RiskConfigurationErrors) {
            return try load(environment: Console.environment)
        } catch {
            for message in error.messages { Console.printError("environment: error: \(message)") }
            throw ExitCode(1)
        }
    }
}
