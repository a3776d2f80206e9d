import ArgumentParser
import Glibc

@main
struct PortfolioRiskCLI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portfolio-risk-governor",
        abstract: "Computes how much may be held in each symbol, and keeps the budgets in Redis for Gate 0.",
        discussion: """
            Environment variables set everything: `portfolio-risk-governor check` lists them with their effective \
            values.
            """,
        subcommands: [
            RunCommand.self, CheckCommand.self, ModeCommand.self, StatusCommand.self, ExplainCommand.self,
            EquityCommand.self, StateUpdaterCommand.self,
        ])

    static func main() async {
        // A closed pipe behind the log or a listing must not kill the service.
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}
