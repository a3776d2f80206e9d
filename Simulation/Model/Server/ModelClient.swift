import GateAPI

/// A client as the server sees it. Gone only when the server notices.
package final class ModelClient {
    let number: Int
    /// Answered and not on its way yet.
    var output = ReplyWriter()
    /// A read that waits for entries; while it does, nothing else of this client is executed.
    var blocked: BlockedRead?
    var isSubscribed = false
    var tracking: Tracking?
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

    /// Client-side caching: broadcast by prefix, redirected to another client.
    struct Tracking {
        let target: Int
        let prefixes: [String]
    }
}
