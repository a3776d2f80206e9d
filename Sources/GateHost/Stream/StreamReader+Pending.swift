import GateAPI
import Redis

extension StreamReader {
    /// This consumer's own pending entries after `start`, at most a batch of them.
    func pending(_ connection: RedisConnection, after start: EntryID?) throws(RedisError) -> [PendingEntry] {
        try pending(connection, from: start.map { "(\($0)" } ?? "-", to: "+")
    }

    /// The same, between two bounds in the notation of XPENDING.
    func pending(
        _ connection: RedisConnection, from start: String, to end: String
    ) throws(RedisError) -> [PendingEntry] {
        let reply = try connection.command("XPENDING", stream, group, start, end, String(batch), consumer)
        return reply.elements.compactMap { item in
            guard let id = item.element(0)?.text.flatMap({ EntryID($0) }), let deliveries = item.element(3)?.integer
            else { return nil }
            return PendingEntry(id: id, deliveries: deliveries)
        }
    }

    /// The number of deliveries of each of these entries, which this consumer holds.
    func deliveries(of batch: StreamBatch, _ connection: RedisConnection) throws(RedisError) -> [EntryID: Int] {
        guard let first = batch.entries.first, let last = batch.entries.last else { return [:] }
        var deliveries: [EntryID: Int] = [:]
        var from = "\(first.id)"
        while true {
            let pending = try pending(connection, from: from, to: "\(last.id)")
            for entry in pending { deliveries[entry.id] = entry.deliveries }
            guard let end = pending.last?.id, end < last.id else { return deliveries }
            from = "(\(end)"
        }
    }

    /// Copying the largest entry that a stream can hold takes Redis a few seconds.
    private static let measuringTime: Duration = .seconds(10)

    /// Reads own pending entries again. Leaves out entries that are not pending any more or that another consumer has
    /// claimed. Entries over the limit stay in Redis: their sizes come instead.
    ///
    /// - Parameters:
    ///   - ids: loses those that the call has dealt with.
    ///   - counting: whether the read counts as a delivery.
    func take(
        _ ids: inout ArraySlice<EntryID>, counting: Bool, _ connection: RedisConnection
    ) throws(RedisError) -> StreamBatch {
        var pipeline = RedisPipeline()
        pipeline.add(
            [
                "EVAL", Self.takeScript, "2", stream, claimsKey, group, consumer, counting ? "1" : "0",
                String(maxEntryBytes), String(Self.maximumTakenBytes),
            ] + ids.flatMap { ["\($0)", "\($0.predecessor)"] })
        let replies = try connection.send(pipeline, extraTimeout: Self.measuringTime, atMost: replyLimit)
        guard let reply = replies.first else { throw Self.unexpected }
        if let error = reply.error { throw RedisError(error) }
        ids = ids.dropFirst(reply.element(reply.count - 1)?.integer ?? ids.count)
        return StreamBatch(reply, symbols, source: source)
    }

    /// Makes acknowledged entries pending again, with this consumer.
    func giveBack(_ ids: [EntryID], _ connection: RedisConnection) throws(RedisError) {
        var pipeline = RedisPipeline()
        pipeline.add(["XCLAIM", stream, group, consumer, "0"] + ids.map { "\($0)" } + ["FORCE", "JUSTID"])
        for reply in try connection.send(pipeline) { if let error = reply.error { throw RedisError(error) } }
    }

    /// One script, because XREADGROUP answers with the next pending entry if the one asked for is gone, and counts that
    /// as a delivery. XCLAIM would not do: it drops entries without bodies silently.
    ///
    /// Deleting the claims mark stops another process under the same consumer name that is about to commit the entries
    /// in a transaction.
    ///
    /// Lua copies every entry. So the script stops, and ends its reply with the number of ids it has dealt with, once
    /// it has copied enough: a call meets one huge entry at most. Beyond the 128 fields of an intent, each name and value
    /// weighs 16 bytes more, as much as its frame in the reply may take.
    private static let takeScript = """
        redis.call('DEL', KEYS[2])
        local found, limit, copied = {}, tonumber(ARGV[4]), 0
        for n = 6, #ARGV, 2 do
          local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[n], ARGV[n], 1, ARGV[2])[1]
          if pending then
            local streams = redis.call(
              'XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], ARGV[n + 1])
            local entry = streams[1][2][1]
            if ARGV[3] == '0' and entry[2] then
              redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[n], 'RETRYCOUNT', pending[4], 'JUSTID')
            end
            local fields, size, plan = entry[2] or {}, 0, ''
            for at, text in ipairs(fields) do
              size = size + #text
              if at % 2 == 1 and text == 'plan_id' and #fields[at + 1] <= 128 then plan = fields[at + 1] end
            end
            local weight = size + 16 * math.max(0, #fields - 256)
            copied = copied + weight
            if weight > limit then entry = {entry[1], size, plan} end
            found[#found + 1] = entry
            if copied > tonumber(ARGV[5]) and n < #ARGV - 1 then
              found[#found + 1] = (n - 4) / 2
              return found
            end
          end
        end
        return found
        """
}

extension EntryID {
    /// The id just before this one.
    var predecessor: EntryID {
        sequence > 0
            ? EntryID(milliseconds: milliseconds, sequence: sequence - 1)
            : EntryID(milliseconds: milliseconds > 0 ? milliseconds - 1 : 0, sequence: milliseconds > 0 ? .max : 0)
    }
}
