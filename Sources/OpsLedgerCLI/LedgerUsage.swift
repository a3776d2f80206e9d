import ArgumentParser
import Platform

/// Deployment scripts tell a wrong call (2) from a ledger that could not be written (1). The parser would end all wrong
/// calls with 64, so the two commands take their arguments as they are and parse them here.
enum LedgerUsage {
    static let exitCode = ExitCode(2)

    static func parse<Options: ParsableCommand>(_: Options.Type, _ arguments: [String]) throws -> Options {
        do {
            guard let options = try Options.parseAsRoot(arguments) as? Options else {
                throw CleanExit.helpRequest(Options.self)
            }
            return options
        } catch {
            // A request for help arrives here too.
            guard Options.exitCode(for: error) == .validationFailure else { Options.exit(withError: error) }
            Console.printError(Options.fullMessage(for: error))
            throw exitCode
        }
    }
}
