/// A gate's judgement of an intent. The host applies the mode: in shadow it only records a block or an amendment.
public enum Verdict<Reason: ReasonCode>: Sendable {
    /// - Parameter reserving: the intent's share of a limit until the records show its effect.
    case pass(reserving: Reservation?)
    /// The intent must not be executed.
    /// - Parameters:
    ///   - advisory: the producer of the data is itself in shadow, so the block is recorded but never enforced.
    ///   - effects: events committed with the decision.
    ///   - reserving: the intent's share of a limit if the block is only recorded.
    case block(Reason, advisory: Bool = false, effects: [any StreamEvent] = [], reserving: Reservation? = nil)
    /// The intent may be executed in a milder form: a smaller order, a smaller close, or a longer cooldown.
    case amend(Amendment, Reason, advisory: Bool = false)
    /// The gate cannot judge. Its `on_failure` decides: by default the intent passes.
    case abstain(AbstainReason)

    // Inlinable: otherwise the generic getter would look up its own type at every pass.
    @inlinable public static var pass: Verdict { .pass(reserving: nil) }
}
