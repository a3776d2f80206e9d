import GateAPI
import Redis

extension StreamReader {
    /// An entry that some consumer has been given and nobody has decided.
    struct Pending {
        let id: EntryID
        let deliveries: Int
    }

    /// This consumer's own pending entries after `start`, at most a batch of them.
    func pending(_ connection: RedisConnection, after start: EntryID?) throws(RedisError) -> [Pending] {
        try pending(connection, from: start.map { "(\($0)" } ?? "-", to: "+")
    }

    /// Those from `start` to `end`, as XPENDING understands them.
    func pending(_ connection: RedisConnection, from start: String, to end: String) throws(RedisError) -> [Pending] {
        let reply = try connection.command("XPENDING", stream, group, start, end, String(batch), consumer)
        return reply.elements.compactMap { item in
            guard let id = item.element(0)?.text.flatMap({ EntryID($0) }), let deliveries = item.element(3)?.integer
            else { return nil }
            return Pending(id: id, deliveries: deliveries)
        }
    }

    /// Reads own pending entries again; those that are not pending any more, or are others' by now, are left out.
    ///
    /// - Parameter counting: whether that counts as a delivery.
    func take(_ ids: [EntryID], counting: Bool, _ connection: RedisConnection) throws(RedisError) -> Batch {
        var pipeline = RedisPipeline()
        pipeline.add(
            ["EVAL", Self.takeScript, "2", stream, claimsKey, group, consumer, counting ? "1" : "0"]
                + ids.flatMap { ["\($0)", "\($0.predecessor)"] })
        guard let reply = try connection.send(pipeline).first else { throw Self.unexpected }
        if let error = reply.error { throw RedisError(error) }
        return Self.batch(of: reply)
    }

    /// In one step, because a consumer's history tells the entry after the one that it was asked for where that is
    /// gone, and counts it as delivered. Claiming would do the same without history, but drops entries whose bodies are
    /// gone without a word. Another process under the same name may be about to commit them.
    private static let takeScript = """
        redis.call('DEL', KEYS[2])
        local found = {}
        for n = 4, #ARGV, 2 do
          local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[n], ARGV[n], 1, ARGV[2])[1]
          if pending then
            local entry = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], ARGV[n + 1])[1][2][1]
            if ARGV[3] == '0' and entry[2] then
              redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[n], 'RETRYCOUNT', pending[4], 'JUSTID')
            end
            found[#found + 1] = entry
          end
        end
        return found
        """
}

extension EntryID {
    /// The id just before this one.
    fileprivate var predecessor: EntryID {
        sequence > 0
            ? EntryID(milliseconds: milliseconds, sequence: sequence - 1)
            : EntryID(milliseconds: milliseconds > 0 ? milliseconds - 1 : 0, sequence: milliseconds > 0 ? .max : 0)
    }
}
