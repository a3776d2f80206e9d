import ArgumentParser
import Deployment
import GateHost
import Platform

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates deployment files with the decoder that `run` uses; exits with 1 if any is wrong.")

    @Argument(help: "Deployment files, YAML or JSON.")
    var files: [String]

    @Flag(
        name: .long,
        help: "Print the effective configuration: the pipeline in order, every value and where it comes from.")
    var print = false

    func run() throws {
        let gates = try Registered.gates
        var isValid = true
        for file in files {
            do throws(ConfigurationErrors) {
                let configuration = try HostConfiguration.load(
                    path: file, registry: gates, environment: Console.environment)
                Console.print(print ? configuration.described() : "\(file): ok")
            } catch {
                isValid = false
                for diagnostic in error.diagnostics { Console.printError("\(diagnostic)") }
            }
        }
        if !isValid { throw ExitCode(1) }
    }
}
