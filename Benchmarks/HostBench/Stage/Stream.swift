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

    /// The number of connections that are blocked on a stream.
    func waitingClients() throws -> Int {
        let lines = try connection.command("INFO", "clients").text?.split(whereSeparator: \.isNewline) ?? []
        return lines.first { $0.hasPrefix("blocked_clients:") }.flatMap { Int($0.dropFirst(16)) } ?? 0
    }

    func command(_ arguments: String...) throws {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        try send(pipeline)
    }
}
