/// The Governor's streams that other services read.
package enum GovernorStreams {
    /// The intents.
    package static let plans = "quantum:stream:apply.plan"
    /// The audit trail: changes of mode and of the kill switch.
    package static let events = "quantum:stream:governor.events"
}
