/// The two keys by which the commits of all hosts notice one another.
package enum CommitKeys {
    /// Every commit touches it. A transaction watches it: another commit in between keeps the transaction from being
    /// executed.
    package static let commits = "quantum:governor:intake:commits"

    /// The claims mark of a consumer group. A host that claims entries deletes it; a transaction is executed only if
    /// the mark is still the one that was there before its entries were read.
    package static func claims(stream: String, group: String) -> String {
        "quantum:governor:intake:claims:\(stream):\(group)"
    }

    /// Both keys expire after a day without use.
    package static let lifeSeconds = 86_400
    package static let lifeMilliseconds = 1_000 * lifeSeconds
}
