/// A record that a producer keeps and gates read: its keys, its fields and its own time.
public protocol StateRecord: Sendable {
    /// The keys of the record. If a record has several generations of keys, the newest readable record counts.
    static var keys: [RecordKey] { get }
    /// By default a hash.
    static var form: RecordForm { get }
    /// Whether there is one record per symbol. By default this follows from ``keys``; a type with computed keys states
    /// it, because gates ask for every intent.
    static var isPerSymbol: Bool { get }
    /// The records of the legs in hedge mode. An intent that names a leg may be judged by them. By default none.
    static var legRecords: [any StateRecord.Type] { get }
    /// The time at which the producer computed the record, `nil` for a record without a time.
    var timestamp: Timestamp? { get }

    /// Throws ``InputFailure/malformed(field:)`` or ``InputFailure/nonFinite(field:)``.
    init(fields: Fields) throws(InputFailure)
}

extension StateRecord {
    public static var form: RecordForm { .hash }
    public static var isPerSymbol: Bool { keys.contains(where: \.isPerSymbol) }
    public static var legRecords: [any StateRecord.Type] { [] }
}

/// A record that can take permits back, such as a kill switch: all of them, or those of one symbol or source.
///
/// A key of another type than ``StateRecord/form`` reads as a record without fields.
public protocol RevokingRecord: StateRecord {
    /// Whether live permits of whatever is not a reduction are taken back.
    var isRevoking: Bool { get }
}

/// The form in which a record is stored.
public enum RecordForm: Sendable {
    case hash
    /// A plain string. It has one field, `value`.
    case string
}

/// A key of a record.
public enum RecordKey: Sendable, Hashable {
    /// One record per symbol. The symbol follows the prefix.
    case perSymbol(prefix: String)
    /// One record per source of plans. The source, as the plan's field `source` spells it, follows the prefix.
    case perSource(prefix: String)
    /// One record per symbol and leg. The symbol follows the prefix, then `:LONG` or `:SHORT`.
    case perLeg(prefix: String, PositionLeg)
    case single(String)

    /// Whether there is one record per symbol or source.
    package var isPerSymbol: Bool {
        if case .single = self { false } else { true }
    }

    package var isPerSource: Bool {
        if case .perSource = self { true } else { false }
    }
}

extension RecordKey: CustomStringConvertible {
    /// `quantum:state:book:{symbol}`.
    public var description: String {
        switch self {
        case .perSymbol(let prefix): prefix + "{symbol}"
        case .perSource(let prefix): prefix + "{source}"
        case .perLeg(let prefix, let leg): "\(prefix){symbol}:\(leg.rawValue)"
        case .single(let key): key
        }
    }
}
