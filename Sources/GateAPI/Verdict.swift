/// A gate's judgement of an intent. The host applies the mode: in shadow it only records a block or an amendment.
public enum Verdict<Reason: ReasonCode>: Sendable {
    /// - Parameter claiming: what the permit takes from accounts, and the bounds under which it stands.
    case pass(claiming: Claims)
    /// The intent must not be executed.
    /// - Parameters:
    ///   - advisory: the producer of the data is itself in shadow, so the block is recorded but never enforced.
    ///   - effects: events committed with the decision.
    ///   - claiming: the bounds under which the block stands, and what the permit takes if it is only recorded.
    case block(Reason, advisory: Bool = false, effects: [any StreamEvent] = [], claiming: Claims = .none)
    /// The intent may be executed in a milder form: a smaller order, a smaller close, an order that only reduces, or
    /// after a longer cooldown.
    case amend(
        Amendment, Reason, advisory: Bool = false, effects: [any StreamEvent] = [], claiming: Claims = .none)
    /// The gate cannot judge. Its `on_failure` decides: by default the intent passes.
    case abstain(AbstainReason)

    // Inlinable: otherwise the generic getter would look up its own type at every pass.
    @inlinable public static var pass: Verdict { .pass(claiming: .none) }
}
