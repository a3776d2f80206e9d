import ArgumentParser
import Glibc

@main
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost ledger",
        abstract: "Records operations in a hash-chained changelog, and checks it.",
        subcommands: [LedgerAppendCommand.self, LedgerVerifyCommand.self])

    static func main() async {
        // A closed pipe behind the output must not end the command.
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}
