/// The keys by which the commits of all hosts notice one another, by which a transaction notices that it is late, and the
/// progress of a group.
package enum CommitKeys {
    /// Every commit touches it. A transaction watches it: another commit in between keeps the transaction from being
    /// executed.
    package static let commits = "quantum:governor:intake:commits"

    /// Held by one of the sessions that commit full batches at the same time.
    package static let baton = "quantum:governor:intake:baton"
    /// Lives while a session holds the baton.
    package static let batonHolder = "quantum:governor:intake:baton:holder"

    /// The claims mark of a consumer group. A host that claims entries deletes it; a transaction is executed only if
    /// the mark is still the one that was there before its entries were read.
    package static func claims(stream: String, group: String) -> String {
        "quantum:governor:intake:claims:\(stream):\(group)"
    }

    /// How far a consumer group has come: the entry up to which everything is decided.
    package static func progress(stream: String, group: String) -> String {
        "quantum:governor:intake:progress:\(stream):\(group)"
    }

    /// A key that lives for a moment. A transaction watches it too: if it comes later, it is not executed.
    package static func timely(session: String) -> String { "quantum:governor:intake:timely:\(session)" }

    /// The commits key and the claims mark expire after a day without use.
    package static let lifeSeconds = 86_400
    package static let lifeMilliseconds = 1_000 * lifeSeconds
}
