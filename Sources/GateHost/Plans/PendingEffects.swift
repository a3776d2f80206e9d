package import GateAPI

/// A gate's event, to be committed with the decision.
///
/// Rendered while its gate is being asked: rendering is the gate's code, and may fail as the gate may.
package struct PendingEvent: Sendable {
    package let stream: String
    package let maximumLength: Int
    /// Names and values.
    package let values: [String]

    package init(event: any StreamEvent, enforced: Bool) {
        stream = type(of: event).stream
        maximumLength = type(of: event).maximumLength
        values = event.fields(enforced: enforced).flatMap { [$0.name, $0.value] }
    }
}

/// A reservation to be committed with its permit, under the optimistic lock of its record.
package struct PendingReservation: Sendable {
    package let reservation: Reservation
    /// The order's quantity that the gate reserved for.
    let quantity: Amount?
    /// The entry that had reserved last when the gate judged. The commit refuses the decision if another has since.
    package let expectedLast: String

    /// The reservation for an order that a later gate shrank: smaller in proportion, rounded up.
    func scaled(to final: Amount?) -> PendingReservation {
        guard let quantity, let final, final < quantity,
            let part = try? reservation.amount.multiplied(by: final, rounding: .awayFromZero),
            let amount = try? part.divided(by: quantity, rounding: .awayFromZero)
        else { return self }
        return PendingReservation(
            reservation: reservation.scaled(to: amount), quantity: final, expectedLast: expectedLast)
    }
}
