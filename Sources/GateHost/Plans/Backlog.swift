/// The number of entries that wait for a decision.
struct Backlog {
    /// Delivered to some consumer, not yet decided.
    var pending: Int
    /// Not yet delivered; `nil` if the server cannot tell.
    var undelivered: Int?
}
