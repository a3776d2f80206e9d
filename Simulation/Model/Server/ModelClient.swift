import GateAPI

/// A client as the server sees it, until the server notices that it has closed.
package final class ModelClient {
    let number: Int
    /// Replies that are not on their way yet.
    var output = ReplyWriter()
    /// A blocked command. Until it ends, the server executes no other command of this client.
    var blocked: BlockedCommand?
    var channels: [String] = []
    /// Client-side caching: the number of the client that receives the invalidations.
    var tracking: Int?
    /// Whether the server tracks the keys of the next command or transaction (CLIENT CACHING YES).
    var isKeeping = false
    /// The commands since MULTI; `nil` outside of a transaction.
    private(set) var queue: [[String]]?
    /// The watched keys. True for a key that had expired already, whose removal is no change.
    private(set) var watched: [String: Bool] = [:]
    /// Whether a watched key has changed.
    private(set) var isOvertaken = false
    /// Whether the last check script of a transaction passed.
    var hasPassedCheck = false
    /// The grants by which the audit judges the decisions of a transaction.
    var basis: LedgerBasis?
    /// The accounts that the last check has told.
    var request: LedgerRequest?
    /// For each entry, the number of versions of its symbol's limit when the entry was first delivered here.
    var delivered: [EntryID: Int] = [:]

    /// The entries that were ever delivered here.
    var seen: Set<EntryID> = []

    package init(number: Int) {
        self.number = number
    }

    struct BlockedCommand {
        enum Kind {
            case read(group: String, consumer: String, count: Int)
            case pop
        }

        let key: String
        let kind: Kind
        /// Milliseconds since the epoch.
        let deadline: Int64
    }

    func watch(_ name: String, hasExpired: Bool) {
        if !isOvertaken, watched[name] == nil { watched[name] = hasExpired }
    }

    func touched(_ name: String, isGone: Bool) {
        guard let hadExpired = watched[name] else { return }
        if hadExpired, isGone { watched[name] = false } else { isOvertaken = true }
    }

    func beginTransaction() { queue = [] }

    func enqueue(_ command: [String]) { queue?.append(command) }

    func endTransaction() {
        queue = nil
        watched.removeAll()
        isOvertaken = false
        hasPassedCheck = false
        request = nil
    }
}
