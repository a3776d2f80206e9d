/// Names one record that a gate wants to read.
public struct InputKey: Sendable, Hashable {
    public let record: any StateRecord.Type
    /// `nil` for records that are not kept per symbol.
    public let symbol: Symbol?

    package init(_ record: any StateRecord.Type, _ symbol: Symbol) {
        self.init(record, record.isPerSymbol ? symbol : nil)
    }

    init(_ record: any StateRecord.Type, _ symbol: Symbol?) {
        self.record = record
        self.symbol = symbol
    }

    /// The Redis keys under which the record may be found.
    public var redisKeys: [String] {
        record.keys.map { key in
            switch key {
            case .perSymbol(let prefix): prefix + (symbol?.name ?? "")
            case .single(let name): name
            }
        }
    }

    public static func == (left: InputKey, right: InputKey) -> Bool {
        ObjectIdentifier(left.record) == ObjectIdentifier(right.record) && left.symbol == right.symbol
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(record))
        hasher.combine(symbol)
    }
}

/// Collects what the gates need for an intent, each record once. An intent needs a handful, so looking through them
/// beats hashing.
public struct InputRequest: Sendable {
    public private(set) var keys: [InputKey] = []
    /// What is known of kinds of records that were asked for before, in this request or one that was made in its place.
    private var kinds: [(type: ObjectIdentifier, isPerSymbol: Bool)] = []

    public init() {}

    public mutating func add(_ record: any StateRecord.Type, _ symbol: Symbol) {
        let isPerSymbol = isPerSymbol(record)
        let type = ObjectIdentifier(record)
        for index in keys.indices where ObjectIdentifier(keys[index].record) == type {
            if !isPerSymbol || keys[index].symbol == symbol { return }
        }
        keys.append(InputKey(record, isPerSymbol ? symbol : nil))
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
