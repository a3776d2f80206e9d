import GateAPI

/// Passes only symbols on a list.
struct SymbolAllowList: Gate {
    struct Settings: GateSettings {
        @Setting("Symbols that may be traded, separated by commas", default: World.symbols.joined(separator: ","))
        var symbols: String
    }

    enum Reason: String, ReasonCode {
        case notAllowed = "symbol_not_allowed"
        var summary: String { "The symbol is not on the list." }
    }

    static let name = "symbol-allow-list"
    static let summary = "Blocks symbols that are not on a list."
    static let records: [any StateRecord.Type] = []

    private let allowed: Set<Symbol>

    init(settings: Settings) {
        allowed = Set(settings.symbols.split(separator: ",").compactMap { Symbol(String($0)) })
    }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        allowed.contains(intent.symbol) ? .pass : .block(.notAllowed)
    }
}
