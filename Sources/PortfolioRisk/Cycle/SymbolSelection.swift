import GateAPI

/// The symbols that get a budget in a cycle.
struct SymbolSelection {
    /// At most as many as the limit.
    let chosen: [SymbolInputs]
    /// Open positions, and symbols of the universe and of plans, that get no budget because the limit is reached.
    let dropped: Int
    /// Of those, the ones with an open position.
    let droppedPositions: Int

    /// Open positions come first, because they may have to be reduced; then the configured universe; then recent plans,
    /// newest first. Flat positions take the places that are left: publishers write them for all symbols.
    ///
    /// - Parameter inputs: of all ``candidates(positions:universe:plans:)``, in their order.
    init(_ inputs: [SymbolInputs], universe: [Symbol], plans: [Symbol], limit: Int) {
        let open = inputs.filter(\.mayBeHeld)
        let asked = Set(universe + plans)
        let wanted = open + inputs.filter { !$0.mayBeHeld && asked.contains($0.symbol) }.sorted(by: universe + plans)
        let others = inputs.filter { !$0.mayBeHeld && !asked.contains($0.symbol) }
        chosen = Array((wanted + others).prefix(limit))
        dropped = max(0, wanted.count - limit)
        droppedPositions = max(0, open.count - limit)
    }

    /// All symbols whose records are read, each once: a cycle reads every position, because every one counts in the heat.
    static func candidates(positions: Set<Symbol>, universe: [Symbol], plans: [Symbol]) -> [Symbol] {
        var seen: Set<Symbol> = []
        return (positions.sorted { $0.name < $1.name } + universe + plans).filter { seen.insert($0).inserted }
    }
}

extension [SymbolInputs] {
    /// In the order of the first place of each symbol in `symbols`.
    fileprivate func sorted(by symbols: [Symbol]) -> [SymbolInputs] {
        let places = Dictionary(zip(symbols, symbols.indices)) { first, _ in first }
        return sorted { places[$0.symbol] ?? .max < places[$1.symbol] ?? .max }
    }
}
