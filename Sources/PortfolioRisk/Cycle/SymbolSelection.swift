package import GateAPI

/// The symbols that get a budget in a cycle.
package enum SymbolSelection {
    /// More than any exchange lists. It keeps a stream of invented symbols from filling Redis with budgets.
    package static let maximum = 2_000

    /// Open positions come first, because they may have to be reduced; then the configured universe; then recent plans,
    /// newest first.
    package static func select(positions: Set<Symbol>, universe: [Symbol], plans: [Symbol]) -> (
        symbols: [Symbol], dropped: Int
    ) {
        var seen: Set<Symbol> = []
        var symbols: [Symbol] = []
        for symbol in positions.sorted(by: { $0.name < $1.name }) + universe + plans where seen.insert(symbol).inserted
        {
            symbols.append(symbol)
        }
        return (Array(symbols.prefix(maximum)), max(0, symbols.count - maximum))
    }
}
