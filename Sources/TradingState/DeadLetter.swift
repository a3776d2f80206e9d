/// One entry of `quantum:stream:apply.plan.dead`: an entry that is no plan, or that no host could decide.
///
/// The entry's own fields follow these, whole. An entry with more fields than a script can pass on has all of them,
/// these included, MessagePack-encoded in one field instead.
package enum DeadLetter {
    /// The names of the fields that the host adds.
    package enum Field {
        package static let reason = "_reason"
        package static let intentID = "_intent_id"
        package static let stream = "_stream"
        package static let group = "_group"
        package static let host = "_host"
        package static let deadAt = "_dead_at_ms"
        /// The number of deliveries of an entry that was delivered too often.
        package static let deliveries = "_deliveries"
        /// The gates that failed on an entry that was delivered too often, as `gate:reason`.
        package static let failures = "_failures"
        package static let packed = "_packed"
    }
}
