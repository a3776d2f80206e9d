/// A holder's claim to write. Every write carries it, and Redis refuses the writes of a term that has ended.
package struct LeaseTerm: Sendable, Equatable {
    package let holder: String
    /// Rises by one with every change of the holder.
    package let epoch: Int
}

/// The lease as Redis has it.
package struct LeaseReading: Sendable, Equatable {
    /// The term in force, or the last one.
    package let term: LeaseTerm
    /// Whether the asking instance holds it.
    package let isOwn: Bool
    /// The age of the last cycle that was written, by Redis' clock; `nil` if none ever was.
    package let cycleAge: Duration?
}
