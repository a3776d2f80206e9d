public import GateAPI

/// The exchange position in one symbol: `quantum:position:snapshot:{symbol}`, or the later
/// `quantum:state:positions:{symbol}`. The newer of the two counts.
///
/// In hedge mode a symbol has two positions, its legs. A record shows them as `long_qty` and `short_qty`, or in the
/// hashes `…:{symbol}:LONG` and `…:{symbol}:SHORT`.
public struct Position: StateRecord, Equatable {
    static let prefixes = ["quantum:position:snapshot:", "quantum:state:positions:"]
    public static let keys = prefixes.map { RecordKey.perSymbol(prefix: $0) }
    public static let isPerSymbol = true
    public static let legRecords: [any StateRecord.Type] = [LongPosition.self, ShortPosition.self]

    /// Signed quantity in base asset: long positive, short negative. In hedge mode the sum of the legs.
    public var quantity: Amount
    /// The legs in hedge mode; `nil` if the record shows one position.
    public var legs: PositionLegs?
    /// The exchange's mark price in quote asset, `nil` if the snapshot has none.
    public var markPrice: Amount?
    /// The time of the snapshot, `nil` for ``flat``.
    public var timestamp: Timestamp?

    /// Whether anything is held.
    package var isHeld: Bool {
        !quantity.isZero || legs.map { !$0.long.isZero || !$0.short.isZero } ?? false
    }

    /// Nothing is held.
    public static let flat = Position(quantity: .zero, markPrice: nil, timestamp: nil)

    public init(quantity: Amount, legs: PositionLegs? = nil, markPrice: Amount?, timestamp: Timestamp?) {
        self.quantity = quantity
        self.legs = legs
        self.markPrice = markPrice
        self.timestamp = timestamp
    }

    public init(fields: Fields) throws(InputFailure) {
        legs = try PositionLegs(fields: fields)
        if let legs, fields.amount("position_amt") == .absent {
            guard let net = try? legs.long - legs.short else { throw .malformed(field: "long_qty") }
            quantity = net
        } else {
            quantity = try fields.required("position_amt", rounding: .awayFromZero)
        }
        markPrice = try Self.markPrice(fields)
        timestamp = try fields.timestamp("ts_epoch")
    }

    /// Zero means that there is none.
    static func markPrice(_ fields: Fields) throws(InputFailure) -> Amount? {
        let mark = try fields.optional("mark_price", rounding: .awayFromZero)
        guard mark.map({ !$0.isNegative }) ?? true else { throw .malformed(field: "mark_price") }
        return mark.flatMap { $0.isZero ? nil : $0 }
    }
}

/// The two positions of a symbol in hedge mode.
public struct PositionLegs: Sendable, Equatable {
    /// In base asset; zero or more.
    public var long: Amount
    /// In base asset; zero or more.
    public var short: Amount

    public init(long: Amount, short: Amount) {
        self.long = long
        self.short = short
    }

    /// `nil` if the record has no legs. The exchange writes a short leg's quantity with a minus sign.
    init?(fields: Fields) throws(InputFailure) {
        let long = try fields.optional("long_qty", rounding: .awayFromZero)
        let short = try fields.optional("short_qty", rounding: .awayFromZero)
        guard long != nil || short != nil else { return nil }
        guard long?.isNegative != true else { throw .malformed(field: "long_qty") }
        self.init(long: long ?? .zero, short: short?.magnitude ?? .zero)
    }
}
