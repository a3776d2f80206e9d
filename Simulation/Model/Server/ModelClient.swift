import GateAPI

/// A client as the server sees it. Gone only when the server notices.
package final class ModelClient {
    let number: Int
    /// Answered and not on its way yet.
    var output = ReplyWriter()
    /// A read that waits for entries; while it does, nothing else of this client is executed.
    var blocked: BlockedRead?
    var channels: [String] = []
    /// Client-side caching of what it announces to keep: the number of the client that hears of changes.
    var tracking: Int?
    /// Whether it keeps what the next command, or transaction, tells.
    var isKeeping = false
    /// What it has sent since MULTI; `nil` outside of a transaction.
    private(set) var queue: [[String]]?
    /// The keys that it watches, each with whether it had expired then and only has to be removed, which is no change.
    private(set) var watched: [String: Bool] = [:]
    /// Whether one of them was touched.
    private(set) var isOvertaken = false
    /// Whether the last check of a transaction spoke for it.
    var hasPassedCheck = false
    /// By symbol: how many versions of its limit there were when an entry was first delivered here.
    var delivered: [EntryID: Int] = [:]

    /// Entries that were delivered here, however often.
    var seen: Set<EntryID> = []

    package init(number: Int) {
        self.number = number
    }

    struct BlockedRead {
        let stream: String
        let group: String
        let consumer: String
        let count: Int
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
    }
}
