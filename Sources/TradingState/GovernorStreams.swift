/// The streams and key prefixes of the Governor that have no record type.
package enum GovernorStreams {
    /// The intents.
    package static let plans = "quantum:stream:apply.plan"
    /// The dead letters: entries that are not intents, whole, with the reason.
    package static let deadLetters = "quantum:stream:apply.plan.dead"
    /// The decision records, one per entry of the plan stream.
    package static let decisions = "quantum:stream:governor.decision"
    /// The outcome records, one per plan id: its first body and its outcome.
    package static let outcomePrefix = "quantum:governor:outcome:"
}
