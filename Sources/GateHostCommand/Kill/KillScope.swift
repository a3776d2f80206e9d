import ArgumentParser
import GateAPI
import GateHost
import TradingState

/// The plans that a kill switch is for.
enum KillScope: Equatable {
    case all
    case symbol(Symbol)
    case source(Symbol)

    var switchKey: InputKey {
        switch self {
        case .all: InputKey(KillSwitchState.self, perSymbol: nil)
        case .symbol(let symbol): InputKey(SymbolKillSwitchState.self, perSymbol: symbol)
        case .source(let source): InputKey(SourceKillSwitchState.self, perSymbol: source)
        }
    }

    /// The Redis key of the switch.
    var key: String { switchKey.redisKeys.joined() }
}

/// The options that choose a kill switch.
struct KillScopeOptions: ParsableArguments {
    @Option(name: .long, help: "Only this symbol.")
    var symbol: String?

    @Option(name: .long, help: "Only plans of this source, as their field `source` spells it.")
    var source: String?

    func scope() throws -> KillScope {
        switch (symbol, source) {
        case (nil, nil): return .all
        case (let name?, nil):
            guard let symbol = Symbol(name) else { throw ValidationError("`\(name)` is no symbol") }
            return .symbol(symbol)
        case (nil, let name?):
            guard let source = Symbol(source: name.utf8.span) else { throw ValidationError("`\(name)` is no source") }
            return .source(source)
        case (_?, _?): throw ValidationError("--symbol and --source are two switches: set them one after the other")
        }
    }

    func validate() throws {
        _ = try scope()
    }
}
