import ArgumentParser

/// `gatehost demo`: the program `gatehost-demo`.
struct DemoProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Streams real plans through the real pipeline, first in shadow, then in enforce.",
        discussion: "Runs the program gatehost-demo beside this one; `gatehost demo --help` lists its options.")

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options.", visibility: .hidden))
    var arguments: [String] = []

    func run() { SiblingProgram(name: "gatehost-demo").execute(arguments) }
}

/// `gatehost ledger`: the program `gatehost-ledger`.
struct LedgerProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Records operations in a hash-chained changelog, and checks it.",
        discussion: "Runs the program gatehost-ledger beside this one; `gatehost ledger --help` lists its subcommands.")

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options.", visibility: .hidden))
    var arguments: [String] = []

    func run() { SiblingProgram(name: "gatehost-ledger").execute(arguments) }
}
