public import GateAPI

/// The exchange position in one symbol: `quantum:position:snapshot:{symbol}`, or the later
/// `quantum:state:positions:{symbol}`. The newer of the two counts.
public struct Position: StateRecord, Equatable {
    public static let keys: [RecordKey] = [
        .perSymbol(prefix: "quantum:position:snapshot:"), .perSymbol(prefix: "quantum:state:positions:"),
    ]

    /// Signed quantity in base asset: long positive, short negative.
    public var quantity: Amount
    /// The exchange's mark price in quote asset, `nil` if the snapshot has none.
    public var markPrice: Amount?
    /// The time of the snapshot, `nil` for ``flat``.
    public var timestamp: Timestamp?

    /// Nothing is held.
    public static let flat = Position(quantity: .zero, markPrice: nil, timestamp: nil)

    public init(quantity: Amount, markPrice: Amount?, timestamp: Timestamp?) {
        self.quantity = quantity
        self.markPrice = markPrice
        self.timestamp = timestamp
    }

    public init(fields: Fields) throws(InputFailure) {
        quantity = try fields.required("position_amt")
        let mark = try fields.optional("mark_price")
        guard mark.map({ !$0.isNegative }) ?? true else { throw .malformed(field: "mark_price") }
        markPrice = mark.flatMap { $0.isZero ? nil : $0 }
        timestamp = try fields.timestamp("ts_epoch")
    }
}
