/// What a gate says of an intent. The host applies the mode: in shadow a block or an amendment is only recorded.
public enum Verdict<Reason: ReasonCode>: Sendable {
    /// `reserving`: what the intent takes of a limit until the records show its effect.
    case pass(reserving: Reservation?)
    /// The intent must not be executed. `advisory`: the producer of the data behind it is itself in shadow, so it is
    /// recorded but never enforced. `reserving`: what it takes all the same where the block is only recorded.
    case block(Reason, advisory: Bool = false, effects: [any StreamEvent] = [], reserving: Reservation? = nil)
    /// The intent may be executed in a milder form: less exposure, less of a close, or with a longer cooldown.
    case amend(Amendment, Reason, advisory: Bool = false)
    /// The gate cannot judge; its failure policy decides (by default the intent passes).
    case abstain(AbstainReason)

    // Inlinable for its cost: a generic getter that is not would look up its own type at every pass.
    @inlinable public static var pass: Verdict { .pass(reserving: nil) }
}

/// How an intent is made milder. The host refuses an amendment that asks for more than the intent does.
public enum Amendment: Sendable, Equatable {
    /// A smaller order, in base asset; positive.
    case quantity(Amount)
    /// A smaller part of the position to close, in (0, 1).
    case closeFraction(Amount)
    /// A longer wait before the next order in the symbol.
    case extraCooldown(Duration)
}

/// An event that a verdict causes on a Redis stream, committed together with the decision.
public protocol StreamEvent: Sendable {
    static var stream: String { get }
    /// Approximate bound of the stream's length.
    static var maximumLength: Int { get }
    /// The event's fields. `enforced` tells whether the verdict took effect (enforce) or was only recorded (shadow).
    func fields(enforced: Bool) -> [(name: String, value: String)]
}

extension Intent {
    /// The intent in the milder form, or `nil` where the amendment would not make it milder.
    public func amended(_ amendment: Amendment) -> Intent? {
        var amended = self
        switch amendment {
        case .quantity(let smaller):
            guard let current = quantity.value, smaller.isPositive, smaller <= current else { return nil }
            amended.quantity = .value(smaller)
        case .closeFraction(let smaller):
            guard let current = closeFraction, smaller.isPositive, smaller <= current else { return nil }
            amended.closeFraction = smaller
        case .extraCooldown(let wait):
            guard wait >= .zero else { return nil }
        }
        return amended
    }
}
