/// Other spellings of symbols, as a deployment lists them. Without a list every symbol is taken as it is written.
package struct SymbolMap: Sendable, Equatable {
    /// By the spelling in upper case.
    private var symbols: [String: Symbol] = [:]

    package init() {}

    /// `false` if the spelling is listed already; capitals make no other.
    package mutating func add(_ spelling: Symbol, meaning symbol: Symbol) -> Bool {
        symbols.updateValue(symbol, forKey: spelling.name) == nil
    }

    package func symbol(_ written: Symbol) -> Symbol {
        symbols.isEmpty ? written : symbols[written.name] ?? written
    }
}
