import Deployment
import GateAPI
import Platform
import Redis

/// One consumer's dealings with its group: creating it, measuring its backlog, removing dead consumers, leaving.
struct ConsumerGroup {
    let stream: String
    let group: String
    let consumer: String
    let start: GroupStart

    /// A consumer without pending entries and without a read for this long is dead. A live one reads several times a
    /// second.
    static let deadConsumerIdle: Duration = .seconds(3_600)

    /// - Parameter last: the newest entry that this process was given. If the group has vanished meanwhile, the new one
    ///   begins after that entry: an earlier start would judge decided entries again.
    /// - Returns: whether the group was created.
    @discardableResult
    func create(_ connection: RedisConnection, after last: EntryID? = nil) throws(RedisError) -> Bool {
        do throws(RedisError) {
            // A new stream may have lower ids than the old one, so it is read from its configured start.
            let hasStream = last != nil ? try connection.command("EXISTS", stream).integer == 1 : false
            let position = hasStream ? last?.description : nil
            _ = try connection.command("XGROUP", "CREATE", stream, group, position ?? start.streamID, "MKSTREAM")
            return true
        } catch {
            // A server out of memory refuses the command even for a group that exists.
            if error.serverError?.prefix == "OOM", try backlog(connection) != nil { return false }
            guard error.serverError?.prefix == "BUSYGROUP" else { throw error }
            return false
        }
    }

    func backlog(_ connection: RedisConnection) throws(RedisError) -> Backlog? {
        for item in try connection.command("XINFO", "GROUPS", stream).elements {
            let values = Array(item.elements)
            let pairs = stride(from: 0, to: values.count - 1, by: 2).map { (values[$0].text, values[$0 + 1]) }
            guard pairs.first(where: { $0.0 == "name" })?.1.text == group else { continue }
            return Backlog(
                length: try connection.command("XLEN", stream).integer ?? 0,
                delivered: pairs.first { $0.0 == "last-delivered-id" }?.1.text.flatMap { EntryID($0) },
                read: pairs.first { $0.0 == "entries-read" }?.1.integer,
                pending: pairs.first { $0.0 == "pending" }?.1.integer ?? 0,
                undelivered: pairs.first { $0.0 == "lag" }?.1.integer)
        }
        return nil
    }

    /// Whether the group is there.
    func exists(_ connection: RedisConnection) throws(RedisError) -> Bool {
        do throws(RedisError) {
            return try backlog(connection) != nil
        } catch {
            // There is no stream.
            if error.serverError?.message.contains("no such key") == true { return false }
            throw error
        }
    }

    /// How far the group has come; `nil` if it is gone.
    ///
    /// - Parameter lost: the entries that are known to be lost.
    func progress(
        _ backlog: Backlog, lost: Int, _ connection: RedisConnection
    ) throws(RedisError) -> GroupProgress? {
        let pending = try connection.command("XPENDING", stream, group)
        let oldest = pending.element(1)?.text.flatMap { EntryID($0) }
        return GroupProgress(backlog, oldestPending: oldest, lost: lost)
    }

    /// `nil` if the server cannot tell. A script, because the bodies that XINFO STREAM shows stay in Redis.
    func extent(_ connection: RedisConnection) throws(RedisError) -> StreamExtent? {
        let reply = try connection.command(
            "EVAL",
            """
            local info, found = redis.call('XINFO', 'STREAM', KEYS[1]), {}
            for n = 1, #info, 2 do found[info[n]] = info[n + 1] end
            local first = found['first-entry']
            return {found['entries-added'] or -1, found['last-generated-id'], first and first[1] or ''}
            """, "1", stream)
        guard let added = reply.element(0)?.integer, added >= 0,
            let last = reply.element(1)?.text.flatMap({ EntryID($0) })
        else { return nil }
        return StreamExtent(added: added, first: reply.element(2)?.text.flatMap { EntryID($0) }, last: last)
    }

    /// Removes dead consumers. One script, so that a consumer that is given an entry meanwhile is kept.
    func removeDeadConsumers(_ connection: RedisConnection) throws(RedisError) {
        _ = try connection.command(
            "EVAL",
            """
            local removed = 0
            for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
              local info = {}
              for n = 1, #consumer, 2 do info[consumer[n]] = consumer[n + 1] end
              if info.pending == 0 and info.idle > tonumber(ARGV[2]) then
                redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], info.name)
                removed = removed + 1
              end
            end
            return removed
            """, "1", stream, group, String(Self.deadConsumerIdle.milliseconds))
    }

    /// Deletes this consumer, unless it holds pending entries: Redis would drop those with it. One script, because
    /// another process may use the same consumer name.
    func leave(_ connection: RedisConnection) throws(RedisError) {
        _ = try connection.command(
            "EVAL",
            """
            if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
              return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
            end
            return -1
            """, "1", stream, group, consumer)
    }
}
