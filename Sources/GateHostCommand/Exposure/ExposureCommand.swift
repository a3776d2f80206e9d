import ArgumentParser
import Deployment
import GateAPI
import Platform
import Redis

struct ExposureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exposure",
        abstract: "Shows positions and what is under way: worst cases, budget left, grants; writes nothing.",
        discussion: """
            Without a symbol: one line for each symbol that has an account or a position. With a symbol: everything, \
            and each grant that is not settled.
            """)

    @Argument(help: "A symbol, such as BTCUSDT.")
    var symbol: String?

    @OptionGroup var deployment: DeploymentOption

    @Option(name: .long, help: "The most grants to list.")
    var limit = 1_000

    @Flag(name: .long, help: "List grants that are settled too, as far back as a grant can live.")
    var all = false

    @Flag(name: .long, help: "One JSON object per symbol.")
    var json = false

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit \(limit): not 1...1000000") }
        if let symbol, Symbol(symbol) == nil { throw ValidationError("'\(symbol)' is not a symbol") }
    }

    func run() throws {
        let configuration = try HostConfiguration.loadOrExit(deployment.config)
        let reader = ExposureReader(configuration)
        if let symbol = symbol.flatMap({ Symbol($0) }) {
            let (exposure, grants) = try OperatorConnection.with(configuration) { connection throws(RedisError) in
                let exposure = try reader.read([symbol], connection).first
                guard let exposure else { return (SymbolExposure?.none, GrantList()) }
                let search = GrantSearch(configuration, exposure, limit: limit, showsSettled: all)
                return (exposure, try search.run(connection))
            }
            guard let exposure else { return }
            Console.print(json ? ExposureJSON.symbol(exposure, grants) : ExposureText.symbol(exposure, grants))
        } else {
            let (exposures, found) = try OperatorConnection.with(configuration) { connection throws(RedisError) in
                let found = try SymbolScan.run(connection)
                return (try reader.read(found.symbols, connection).filter(\.isWorthALine), found)
            }
            for exposure in exposures {
                Console.print(json ? ExposureJSON.symbol(exposure, nil) : ExposureText.line(exposure))
            }
            if exposures.isEmpty, !json { Console.print("no symbol has an account or a position") }
            if !ExposureSettings(configuration).keepsLedger {
                Console.printError("warning: no gate keeps an account: what is under way does not count")
            }
            for note in found.notes { Console.printError("warning: \(note)") }
        }
    }
}
