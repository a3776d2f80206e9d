package import GateAPI

/// The long leg of a symbol in hedge mode, from a hash of its own.
package struct LongPosition: LegPosition {
    package static let leg = PositionLeg.long
    package let record: LegRecord

    package init(_ record: LegRecord) {
        self.record = record
    }
}

/// The short leg of a symbol in hedge mode, from a hash of its own.
package struct ShortPosition: LegPosition {
    package static let leg = PositionLeg.short
    package let record: LegRecord

    package init(_ record: LegRecord) {
        self.record = record
    }
}

/// One leg: `quantum:position:snapshot:{symbol}:LONG` or `…:SHORT`, or the same of the later generation.
package protocol LegPosition: StateRecord {
    static var leg: PositionLeg { get }
    var record: LegRecord { get }
    init(_ record: LegRecord)
}

/// The content of a leg's hash.
package struct LegRecord: Sendable, Equatable {
    /// In base asset; zero or more.
    package var quantity: Amount
    /// The exchange's mark price in quote asset, `nil` if the record has none.
    package var markPrice: Amount?
    package var timestamp: Timestamp

    package init(quantity: Amount, markPrice: Amount? = nil, timestamp: Timestamp) {
        self.quantity = quantity
        self.markPrice = markPrice
        self.timestamp = timestamp
    }
}

extension LegPosition {
    package static var keys: [RecordKey] {
        Position.prefixes.map { .perLeg(prefix: $0, leg) }
    }
    package static var isPerSymbol: Bool { true }
    package var timestamp: Timestamp? { record.timestamp }

    /// The exchange writes a short leg's quantity with a minus sign.
    package init(fields: Fields) throws(InputFailure) {
        let quantity = try fields.required("position_amt", rounding: .awayFromZero)
        guard Self.leg == .short || !quantity.isNegative else { throw .malformed(field: "position_amt") }
        self.init(
            LegRecord(
                quantity: quantity.magnitude, markPrice: try Position.markPrice(fields),
                timestamp: try fields.timestamp("ts_epoch")))
    }
}
