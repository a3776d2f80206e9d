public import GateAPI

/// Orders that are permitted but not yet in the position snapshot, in base asset: buys positive, sells negative.
public enum PositionReservations: ReservationPool {
    public static let name = "position"
}

extension Reserved<PositionReservations> {
    /// What orders still under way may add to an order of this direction: those of the other direction may never fill,
    /// so they do not count.
    public func pending(alongside order: Amount, at now: Timestamp, shown: Timestamp?) -> Amount {
        amounts.reduce(.zero) { sum, reservation in
            guard reservation.amount.isNegative == order.isNegative, reservation.isInForce(at: now, shown: shown) else {
                return sum
            }
            return (try? sum + reservation.amount) ?? sum
        }
    }
}
