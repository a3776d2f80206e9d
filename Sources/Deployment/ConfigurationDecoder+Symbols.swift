import GateAPI

extension ConfigurationDecoder {
    static let maximumSpellings = 10_000

    /// Reads the map of other spellings of symbols.
    mutating func symbols(_ node: ConfigurationNode?) -> (map: SymbolMap, values: [EffectiveValue]) {
        var map = SymbolMap()
        var values: [EffectiveValue] = []
        guard let node else { return (map, values) }
        guard let entries = node.entries else {
            reader.report("plans.symbols must be a map of spellings to symbols, not \(node.kind)", at: node.position)
            return (map, values)
        }
        if entries.count > Self.maximumSpellings {
            reader.report("plans.symbols has more than \(Self.maximumSpellings) spellings", at: node.position)
        }
        for entry in entries.prefix(Self.maximumSpellings) {
            guard let spelling = Symbol(entry.key) else {
                reader.report("plans.symbols: \(shown(key: entry.key)) is no symbol", at: entry.position)
                continue
            }
            guard let text = entry.value.scalar?.text, let symbol = Symbol(text), symbol.name == text else {
                reader.report(
                    "plans.symbols: \(shown(key: entry.key)) must mean one symbol, in upper case",
                    at: entry.value.position)
                continue
            }
            guard map.add(spelling, meaning: symbol) else {
                reader.report("plans.symbols: \(shown(key: entry.key)) is listed twice", at: entry.position)
                continue
            }
            values.append(
                EffectiveValue(
                    path: "plans.symbols.\(spelling)", text: text,
                    source: .file(line: entry.value.position.line, column: entry.value.position.column)))
        }
        return (map, values)
    }
}
