import GateAPI

/// The number of entries that wait for a decision.
struct Backlog {
    /// The entries in the stream, delivered or not.
    var length = 0
    /// The newest entry that was delivered to any of them.
    var delivered: EntryID?
    /// The place of that entry among all that were ever added; `nil` if the server cannot tell.
    var read: Int?

    /// Delivered to some consumer, not yet decided.
    var pending: Int
    /// Not yet delivered; `nil` if the server cannot tell.
    var undelivered: Int?
}
