import Redis

/// Prepares the intents' stream before a contender starts.
extension Stage {
    private static let readDepth = 5_000

    /// Creates the group at the present end of the stream.
    func createGroup() throws {
        try command("XGROUP", "CREATE", Wire.plans, Wire.group, "$", "MKSTREAM")
    }

    /// Lets another consumer of the group read entries without acknowledging them.
    func leavePending(_ count: Int) throws {
        // In a script, so that the entries do not cross the socket.
        let script =
            "return #redis.call('XREADGROUP', 'GROUP', ARGV[1], 'other', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], '>')"
            + "[1][2]"
        var left = count
        while left > 0 {
            let read =
                try connection.command("EVAL", script, "1", Wire.plans, Wire.group, "\(min(left, Self.readDepth))")
                .integer ?? 0
            guard read > 0 else { throw BenchError("\(left) entries are missing from the stream") }
            left -= read
        }
    }

    /// The id of the newest entry.
    func newest(_ stream: String) throws -> String {
        let reply = try connection.command("XREVRANGE", stream, "+", "-", "COUNT", "1")
        return reply.element(0)?.element(0)?.text ?? "0-0"
    }

    /// The number of connections that are blocked in a command: `xreadgroup`, or `xread`.
    func clientsWaiting(in command: String) throws -> Int {
        let clients = try connection.command("CLIENT", "LIST").text?.split(whereSeparator: \.isNewline) ?? []
        return clients.count { $0.contains(" flags=b") && $0.contains(" cmd=\(command) ") }
    }

    /// The number of entries ever added to a stream, also those that were trimmed.
    func entriesAdded(_ stream: String) throws -> Int {
        try connection.command("XINFO", "STREAM", stream).field("entries-added")?.integer ?? 0
    }

    /// The number of entries that a stream's first group has read; `nil` without a group.
    func entriesRead(_ stream: String) throws -> Int? {
        try connection.command("XINFO", "GROUPS", stream).element(0)?.field("entries-read")?.integer
    }

    func command(_ arguments: String...) throws {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        try send(pipeline)
    }
}

extension RedisReply {
    /// The value behind a name in a list of names and values.
    func field(_ name: String) -> RedisReply? {
        for index in stride(from: 0, to: count - 1, by: 2) where element(index)?.text == name {
            return element(index + 1)
        }
        return nil
    }
}
