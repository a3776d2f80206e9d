/// The records that the gates want to read for one intent, each once.
public struct InputRequest: Sendable {
    // An intent needs a handful of records: a linear search is faster than hashing.
    package private(set) var keys: [InputKey] = []
    /// The kinds of records requested so far. ``removeAll()`` keeps them: the next intent asks for the same ones.
    private var kinds: [(type: ObjectIdentifier, isPerSymbol: Bool)] = []

    public init() {}

    /// Requests a record. A record that is not kept per symbol ignores the symbol.
    public mutating func add(_ record: any StateRecord.Type, _ symbol: Symbol) {
        let isPerSymbol = isPerSymbol(record)
        let type = ObjectIdentifier(record)
        for index in keys.indices where ObjectIdentifier(keys[index].record) == type {
            if !isPerSymbol || keys[index].symbol == symbol { return }
        }
        keys.append(InputKey(record, perSymbol: isPerSymbol ? symbol : nil))
    }

    /// Requests a record for the intent's symbol, and if the intent names a leg, the records of the legs.
    public mutating func add(_ record: any StateRecord.Type, for intent: Intent) {
        add(record, intent.symbol)
        guard intent.namesLeg else { return }
        for leg in record.legRecords { add(leg, intent.symbol) }
    }

    /// For tests: whether the record is requested.
    public func contains(_ record: any StateRecord.Type, _ symbol: Symbol) -> Bool {
        keys.contains(InputKey(record, symbol))
    }

    private mutating func isPerSymbol(_ record: any StateRecord.Type) -> Bool {
        let type = ObjectIdentifier(record)
        for index in kinds.indices where kinds[index].type == type { return kinds[index].isPerSymbol }
        kinds.append((type, record.isPerSymbol))
        return record.isPerSymbol
    }

    package mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }
}
