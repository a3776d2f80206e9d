/// A record kept in Redis by some producer, read by gates: its keys, its fields and its own time.
public protocol StateRecord: Sendable {
    /// Where the record is kept. With more than one key generation, the newest readable record counts.
    static var keys: [RecordKey] { get }
    static var form: RecordForm { get }
    /// Whether there is one record per symbol: what ``keys`` say, unless a type knows it without looking.
    static var isPerSymbol: Bool { get }
    /// When the producer computed it; `nil` for records that carry no time.
    var timestamp: Timestamp? { get }

    /// Throws ``InputFailure/malformed(field:)`` or ``InputFailure/nonFinite(field:)``.
    init(fields: Fields) throws(InputFailure)
}

extension StateRecord {
    public static var form: RecordForm { .hash }
    public static var isPerSymbol: Bool { keys.contains(where: \.isPerSymbol) }
}

public enum RecordForm: Sendable {
    case hash
    /// A plain string; its text is the one field `value`.
    case string
}

public enum RecordKey: Sendable, Hashable {
    /// One record per symbol; the symbol follows the prefix.
    case perSymbol(prefix: String)
    case single(String)

    public var isPerSymbol: Bool {
        if case .perSymbol = self { true } else { false }
    }
}

extension RecordKey: CustomStringConvertible {
    public var description: String {
        switch self {
        case .perSymbol(let prefix): prefix + "{symbol}"
        case .single(let key): key
        }
    }
}

extension Fields {
    /// A decimal that the record cannot do without.
    public func required(_ name: StaticString) throws(InputFailure) -> Amount {
        switch amount(name) {
        case .value(let amount): return amount
        case .nonFinite: throw .nonFinite(field: name.description)
        case .absent, .malformed: throw .malformed(field: name.description)
        }
    }

    /// A decimal that may be absent, but not wrong.
    public func optional(_ name: StaticString) throws(InputFailure) -> Amount? {
        if case .absent = amount(name) { return nil }
        return try required(name)
    }

    /// Epoch seconds, with or without a fraction.
    public func timestamp(_ name: StaticString) throws(InputFailure) -> Timestamp {
        guard let timestamp = Timestamp(epochSeconds: try required(name)) else {
            throw .malformed(field: name.description)
        }
        return timestamp
    }
}
