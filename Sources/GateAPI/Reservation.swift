/// A share of a limit that a permitted intent takes until the records show its effect.
///
/// A gate declares it with its verdict. The host commits it atomically with the permit, and later intents see it. Two
/// hosts that read the same state cannot both take it: the later commit loses the optimistic lock, and its intent is
/// judged again.
///
/// A report of no execution ends it at once. A report of an execution keeps it until a position snapshot newer than the
/// report, at most an hour. Without a report it expires after `answers.reservation_ttl`.
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
