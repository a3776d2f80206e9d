import ArgumentParser
import Deployment
import Foundation
import GateHost

/// Plain text on the terminal.
enum Console {
    static func print(_ text: String, terminator: String = "\n") {
        // A reader that has gone, such as `head`, is no error worth more than silence.
        try? FileHandle.standardOutput.write(contentsOf: Data((text + terminator).utf8))
    }

    static func printError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    static func fail(_ text: String) -> Never {
        printError(text)
        exit(1)
    }

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Colour only for a person's eyes: on a terminal that has not been asked for plain text.
    static var hasColour: Bool { isatty(1) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb" }
}

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
