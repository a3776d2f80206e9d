package import GateAPI

/// The orders whose permits are taken back: all, or those of some symbols and sources.
package struct RevocationScope: Sendable, Equatable {
    package private(set) var isEverything = false
    package private(set) var symbols: Set<String> = []
    package private(set) var sources: Set<String> = []

    /// Beyond this many symbols and sources everything is taken back: a call of a script has a bound.
    static let maximumNames = 1_000

    package static let everything = RevocationScope(isEverything: true)

    package init() {}

    private init(isEverything: Bool) {
        self.isEverything = isEverything
    }

    /// The scope of switches.
    package init(_ switches: some Sequence<InputKey>) {
        for key in switches {
            for kind in key.record.keys {
                switch kind {
                case .single: isEverything = true
                case .perSymbol, .perLeg: symbols.insert(key.symbol?.name ?? "")
                case .perSource: sources.insert(key.symbol?.name ?? "")
                }
            }
        }
    }

    mutating func add(symbol: String, source: String) {
        symbols.insert(symbol)
        if !source.isEmpty { sources.insert(source) }
    }

    /// Arguments of ``SettlementScript/revocations``; none for everything.
    var arguments: [String] {
        guard !isEverything, symbols.count + sources.count <= Self.maximumNames else { return [] }
        return ["0", String(symbols.count)] + symbols.sorted() + sources.sorted()
    }
}
