import ArgumentParser
import OpsLedger
import Platform

struct LedgerVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: LedgerVerifyOptions.configuration.abstract,
        discussion: "`gatehost ledger verify --help` lists the options.")

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options.", visibility: .hidden))
    var arguments: [String] = []

    func run() throws {
        let options = try LedgerUsage.parse(LedgerVerifyOptions.self, arguments)
        let outcome: (audit: LedgerAudit, problems: [LedgerProblem])
        do throws(LedgerError) {
            outcome = try Ledger(path: options.ledger).verify()
        } catch {
            Console.printError("\(options.ledger): error: \(error)")
            throw error.code == .invalidRequest ? LedgerUsage.exitCode : ExitCode(1)
        }
        for problem in outcome.problems { Console.printError(problem.description(file: options.ledger)) }
        guard !outcome.problems.contains(where: { $0.severity == .error }) else { throw ExitCode(1) }
        let newest = outcome.audit.newestIdentifier.map { ", the newest is \($0)" } ?? ""
        Console.print("\(options.ledger): ok, entries: \(outcome.audit.count)\(newest)")
    }
}

struct LedgerVerifyOptions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost ledger verify",
        abstract:
            """
            Checks that every entry can be read, that the chain is unbroken, and that the recorded proof files are \
            as they were.
            """,
        discussion:
            """
            Prints each problem with its place. Exits with 0 if there is none, 1 if there is one, 2 if the call is \
            wrong.
            """
    )

    @Option(name: .customLong("ledger"), help: "The path of the ledger.")
    var ledger = Ledger.defaultPath
}
