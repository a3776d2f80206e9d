/// The Governor's streams that other services read.
package enum GovernorStreams {
    /// The intents.
    package static let plans = "quantum:stream:apply.plan"
}
