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

extension Claim {
    /// The claim for an order that a later gate shrank from `quantity` to `final`: the amount is smaller in proportion,
    /// rounded up. The bound stays: a smaller amount keeps it all the more.
    func scaled(from quantity: Amount?, to final: Amount?) -> Claim {
        guard let quantity, let final, final < quantity, amount.isPositive,
            let part = try? amount.multiplied(by: final, rounding: .awayFromZero),
            let smaller = try? part.divided(by: quantity, rounding: .awayFromZero)
        else { return self }
        return taking(smaller)
    }
}
