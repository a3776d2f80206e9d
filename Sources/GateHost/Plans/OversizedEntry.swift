package import GateAPI

/// A pending entry that is too large to be read. Redis measured it.
package struct OversizedEntry: Sendable, Equatable {
    package let id: EntryID
    /// The bytes of all its names and values.
    package let bytes: Int
    /// The value of its field `plan_id`; empty if there is none that can be a plan id.
    package let planID: String
}
