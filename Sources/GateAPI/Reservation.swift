/// A share of a limit that a permitted intent takes until the records show its effect.
///
/// A gate declares it with its pass. The host commits it atomically with the permit, and later intents see it. It ends
/// when the execution layer reports the plan and a record shows it, or when it expires. Two hosts that read the same
/// state cannot both take it: the later commit loses the optimistic lock, and its intent is judged again.
///
/// `TradingState` makes reservations and reads them: see `Reservation.init(in:_:_:)` and `Inputs.reserved(in:_:)`.
public struct Reservation: Sendable {
    package let record: any ReservationRecord.Type
    package let symbol: Symbol
    /// In the pool's own unit, signed.
    public let amount: Amount

    @usableFromInline
    package init(_ record: any ReservationRecord.Type, _ symbol: Symbol, _ amount: Amount) {
        self.record = record
        self.symbol = symbol
        self.amount = amount
    }

    package var key: InputKey { InputKey(record, symbol) }

    /// The same reservation for a smaller order.
    package func scaled(to amount: Amount) -> Reservation {
        Reservation(record, symbol, amount)
    }
}
