import ArgumentParser
import GateAPI
import Platform
import PortfolioRisk
import PortfolioStateUpdater

/// The whole environment of the service, read once and alike by every command.
struct ServiceEnvironment {
    let risk: RiskConfiguration
    /// `nil` if this service does not publish the portfolio state.
    let state: PortfolioStateSettings?
    let warnings: [String]

    /// Reads the environment, or prints every error in it and exits with 1.
    static func loadOrExit() throws -> ServiceEnvironment {
        let environment = Console.environment
        var errors: [String] = []
        var (risk, state): (RiskConfiguration?, PortfolioStateSettings?)
        do throws(RiskConfigurationErrors) {
            risk = try RiskConfiguration.load(environment: environment)
        } catch {
            errors += error.messages
        }
        do throws(PortfolioStateSettingsError) {
            // Also without a source, so that no mistake waits until there is one.
            state = try PortfolioStateSettings(environment: environment)
        } catch {
            errors += error.messages
        }
        guard errors.isEmpty, let risk else {
            for message in errors { Console.printError("environment: error: \(message)") }
            throw ExitCode(1)
        }
        let publishes = !(environment[PortfolioStateEnvironment.sourceVariable] ?? "").isEmpty
        return ServiceEnvironment(
            risk: risk, state: publishes ? state : nil,
            warnings: risk.warnings + UnknownVariables.warnings(environment, known: known(risk)))
    }

    private static func known(_ risk: RiskConfiguration) -> Set<String> {
        Set(risk.effective.map(\.variable)).union(PortfolioStateEnvironment.infos.compactMap(\.variable))
            .union([PortfolioStateEnvironment.keyVariable, PortfolioStateEnvironment.secretVariable])
    }
}
