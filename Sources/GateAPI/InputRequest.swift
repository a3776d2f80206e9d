/// Names one record that a gate wants to read.
public struct InputKey: Sendable, Hashable {
    public let record: any StateRecord.Type
    /// `nil` for records that are not kept per symbol.
    public let symbol: Symbol?

    package init(_ record: any StateRecord.Type, _ symbol: Symbol) {
        self.record = record
        self.symbol = record.isPerSymbol ? symbol : nil
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

/// Collects what the gates need for an intent, each record once. An intent needs a handful, so looking through them beats hashing.
public struct InputRequest: Sendable {
    public private(set) var keys: [InputKey] = []

    public init() {}

    public mutating func add(_ record: any StateRecord.Type, _ symbol: Symbol) {
        let key = InputKey(record, symbol)
        if !keys.contains(key) { keys.append(key) }
    }

    package mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }
}
