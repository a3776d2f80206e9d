/// One record that a gate wants to read: its type, and its symbol or source if it is kept per symbol or source.
package struct InputKey: Sendable, Hashable {
    package let record: any StateRecord.Type
    /// The plan's source, for a record that is kept per source. `nil` for a record that is kept once.
    package let symbol: Symbol?

    package init(_ record: any StateRecord.Type, _ symbol: Symbol) {
        self.init(record, perSymbol: record.isPerSymbol ? symbol : nil)
    }

    /// For a caller that already knows whether the record is kept per symbol.
    package init(_ record: any StateRecord.Type, perSymbol symbol: Symbol?) {
        self.record = record
        self.symbol = symbol
    }

    package static func == (left: InputKey, right: InputKey) -> Bool {
        ObjectIdentifier(left.record) == ObjectIdentifier(right.record) && left.symbol == right.symbol
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(record))
        hasher.combine(symbol)
    }
}
