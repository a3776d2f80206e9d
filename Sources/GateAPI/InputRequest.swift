/// The records that the gates want to read for one intent, each once.
public struct InputRequest: Sendable {
    // An intent needs a handful of records: a linear search is faster than hashing.
    package private(set) var keys: [InputKey] = []
    /// The kinds of records requested so far. ``removeAll()`` keeps them: the next intent asks for the same ones.
    private var kinds: [Kind] = []

    private struct Kind {
        let type: ObjectIdentifier
        let isPerSymbol: Bool
        let isPerSource: Bool
    }

    public init() {}

    /// Requests a record. A record that is not kept per symbol ignores the symbol.
    public mutating func add(_ record: any StateRecord.Type, _ symbol: Symbol) {
        add(record, kind(of: record), symbol)
    }

    private mutating func add(_ record: any StateRecord.Type, _ kind: Kind, _ symbol: Symbol) {
        for index in keys.indices where ObjectIdentifier(keys[index].record) == kind.type {
            if !kind.isPerSymbol || keys[index].symbol == symbol { return }
        }
        keys.append(InputKey(record, perSymbol: kind.isPerSymbol ? symbol : nil))
    }

    /// Requests a record for the intent's symbol, and if the intent names a leg, the records of the legs. A record that
    /// is kept per source is requested if the intent has a source.
    public mutating func add(_ record: any StateRecord.Type, for intent: Intent) {
        let kind = kind(of: record)
        guard let symbol = kind.isPerSource ? intent.source : intent.symbol else { return }
        add(record, kind, symbol)
        guard intent.namesLeg else { return }
        for leg in record.legRecords { add(leg, intent.symbol) }
    }

    /// For tests: whether the record is requested.
    public func contains(_ record: any StateRecord.Type, _ symbol: Symbol) -> Bool {
        keys.contains(InputKey(record, symbol))
    }

    private mutating func kind(of record: any StateRecord.Type) -> Kind {
        let type = ObjectIdentifier(record)
        for index in kinds.indices where kinds[index].type == type { return kinds[index] }
        let kind = Kind(
            type: type, isPerSymbol: record.isPerSymbol, isPerSource: record.keys.contains(where: \.isPerSource))
        kinds.append(kind)
        return kind
    }

    package mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }
}
