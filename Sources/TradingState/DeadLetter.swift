/// One entry of `quantum:stream:apply.plan.dead`: an entry that is no plan, or that no host could decide.
///
/// The entry's own fields follow these. An entry that people could not read safely, or that has more fields than a script
/// can pass on, is one field of JSON instead. Of an entry over `answers.plan_max_bytes` only these are kept: the
/// stream and the id refer to it.
package enum DeadLetter {
    /// The names of the fields that the host adds.
    package enum Field {
        package static let reason = "_reason"
        package static let intentID = "_intent_id"
        package static let stream = "_stream"
        package static let group = "_group"
        package static let host = "_host"
        package static let deadAt = "_dead_at_ms"
        /// The plan id of the entry, if it has one that can be a plan id.
        package static let planID = "_plan_id"
        /// The bytes of the entry's names and values.
        package static let bytes = "_bytes"
        /// The number of deliveries of an entry that was delivered too often.
        package static let deliveries = "_deliveries"
        /// The gates that failed on an entry that was delivered too often, as `gate:reason`.
        package static let failures = "_failures"
        /// The entry as a JSON array of its names and values, in ASCII.
        package static let entry = "_entry"
    }
}
