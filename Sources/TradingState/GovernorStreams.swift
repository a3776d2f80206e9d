/// The streams and keys of the Governor that have no record type of their own.
public enum GovernorStreams {
    /// The intents.
    public static let plans = "quantum:stream:apply.plan"
    /// Entries that are no intents, whole, with the reason.
    public static let deadLetters = "quantum:stream:apply.plan.dead"
    /// One record per entry of the intents' stream.
    public static let decisions = "quantum:stream:governor.decision"
    /// What became of a plan id: its first body and outcome.
    public static let outcomePrefix = "quantum:governor:outcome:"
}
