package import GateAPI

/// How far a stream's last id is ahead of Redis' clock.
///
/// A producer may choose the ids of its entries. Redis gives every later entry a higher one, and refuses all after the
/// highest there is.
package struct StreamLead: Sendable, Equatable {
    package let stream: String
    package let lastID: EntryID
    package let seconds: Double

    /// Clocks that were set back look alike, up to this lead.
    package static let tolerated = 60.0

    package var isNoteworthy: Bool { seconds > Self.tolerated }
    /// Whether Redis refuses every further entry.
    package var isExhausted: Bool { lastID == EntryID(milliseconds: .max, sequence: .max) }

    package init(_ stream: String, lastID: EntryID, now: Timestamp) {
        self.stream = stream
        self.lastID = lastID
        seconds = Swift.max(0, (Double(lastID.milliseconds) - Double(now.milliseconds)) / 1_000)
    }
}
