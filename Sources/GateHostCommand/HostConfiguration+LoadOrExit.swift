import ArgumentParser
import Deployment
import Platform

extension HostConfiguration {
    /// Loads a deployment file, or prints every error in it and exits with 1.
    static func loadOrExit(_ path: String) throws -> HostConfiguration {
        let gates = try Registered.gates
        do throws(ConfigurationErrors) {
            return try load(path: path, registry: gates, environment: Console.environment)
        } catch {
            for diagnostic in error.diagnostics { Console.printError("\(diagnostic)") }
            throw ExitCode(1)
        }
    }
}
