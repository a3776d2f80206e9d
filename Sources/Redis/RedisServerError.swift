/// An error reply: `-WRONGTYPE Operation against a key …`.
package struct RedisServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first word: `ERR`, `WRONGTYPE`, `NOSCRIPT`, `NOGROUP`, `BUSYGROUP`, `LOADING`, `READONLY`, `OOM`, …
    package let prefix: String
    /// The whole text, with its prefix.
    package let message: String

    package var description: String { message }

    package init(message: String) {
        self.message = message
        prefix = message.split(separator: " ", maxSplits: 1).first.map(String.init) ?? ""
    }

    /// True if the same command may succeed later, unchanged: the server loads its data, fails over, is full or busy.
    package var isTransient: Bool {
        switch prefix {
        case "LOADING", "BUSY", "TRYAGAIN", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "READONLY", "OOM", "MISCONF":
            true
        // Redis gives this transient refusal the prefix ERR alone.
        default: message.hasPrefix("ERR max number of clients") || isFromReplica
        }
    }

    /// True if the server takes no writes because it is a replica. Only another connection may reach its master. Redis 6
    /// wraps this error of a command in a script's own.
    package var isFromReplica: Bool { prefix == "READONLY" || message.contains(" -READONLY ") }
}
