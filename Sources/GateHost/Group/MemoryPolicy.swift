import Redis

/// The `maxmemory-policy` of a server. Any policy but `noeviction` may drop a plan's outcome, and the plan then gets a
/// second permit.
struct MemoryPolicy: Equatable {
    let name: String

    var mayEvict: Bool { name != "noeviction" }

    /// `nil` if the server does not tell. INFO tells it to users that may not ask for the configuration.
    static func read(_ connection: RedisConnection) throws(RedisError) -> MemoryPolicy? {
        let text = try connection.command("INFO", "memory").text ?? ""
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0] == "maxmemory_policy" { return MemoryPolicy(name: String(parts[1])) }
        }
        return nil
    }

    var danger: String {
        "Redis may evict keys (maxmemory-policy \(name)): a plan whose outcome is evicted gets a second permit"
    }
}

/// The server may evict outcomes and permits, so the host does not start.
package struct HostRefusal: Error, CustomStringConvertible {
    let policy: MemoryPolicy

    package var description: String {
        """
        \(policy.danger). Set `maxmemory-policy noeviction` in Redis, or `answers.allow_eviction: true` to start all \
        the same.
        """
    }
}
