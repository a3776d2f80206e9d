import ArgumentParser
import OpsLedger
import Platform

struct LedgerAppendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: LedgerAppendOptions.configuration.abstract,
        discussion: "`gatehost ledger append --help` lists the options.")

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options.", visibility: .hidden))
    var arguments: [String] = []

    func run() async throws {
        let options = try LedgerUsage.parse(LedgerAppendOptions.self, arguments)
        let request = options.request
        let collector = FactCollector(environment: Console.environment)
        do throws(LedgerError) {
            let result = try await Ledger(path: options.ledger).append(request, strict: options.strict) { repository in
                await collector.collect(request, repository: repository)
            }
            for warning in result.warnings { Console.printError("warning: \(warning)") }
            Console.print(
                result.isNew
                    ? "recorded \(result.identifier) in \(options.ledger)"
                    : "\(result.identifier) is already recorded in \(options.ledger): nothing was changed")
        } catch {
            switch error.code {
            case .invalidRequest:
                Console.printError("error: \(error)")
                throw LedgerUsage.exitCode
            case .notRecorded where options.strict:
                Console.printError("error: not recorded: \(error)")
                throw ExitCode(1)
            case .notRecorded:
                // The operation itself succeeded. Its deployment must not fail because the record is missing.
                Console.printError("warning: not recorded: \(error)")
            }
        }
    }
}
