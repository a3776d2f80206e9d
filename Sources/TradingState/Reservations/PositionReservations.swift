public import GateAPI

/// The pool of orders that are permitted but not yet in the position snapshot, in base asset: buys positive, sells
/// negative.
public enum PositionReservations: ReservationPool {
    public static let name = "position"
}

extension Reserved<PositionReservations> {
    /// The sum of the orders in flight in the direction of `order`. Orders in the other direction may never fill, so
    /// they do not count.
    public func pending(alongside order: Amount, at now: Timestamp, shown: Timestamp?) -> Amount {
        amounts.reduce(.zero) { sum, reservation in
            guard reservation.amount.isNegative == order.isNegative, reservation.isInForce(at: now, shown: shown) else {
                return sum
            }
            return (try? sum + reservation.amount) ?? sum
        }
    }
}
