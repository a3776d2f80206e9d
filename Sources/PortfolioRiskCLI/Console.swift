import ArgumentParser
import Foundation
import PortfolioRisk

/// Plain text on the terminal.
enum Console {
    static func print(_ text: String) {
        // A reader that has gone, such as `head`, is no error worth more than silence.
        try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    static func printError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    static var environment: [String: String] { ProcessInfo.processInfo.environment }
}

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
