import Deployment
import GateAPI
import Redis
import Platform

/// Creates the group and keeps it tidy.
struct ConsumerGroup {
    let stream: String
    let group: String
    let consumer: String
    let start: GroupStart

    /// Consumers that hold nothing and have not asked for anything in this time are remnants of dead hosts. Live ones
    /// ask several times a second.
    static let remnantIdle: Duration = .seconds(3_600)

    /// - Parameter last: the newest entry that this process has been given. A group that vanished under it goes on
    ///   there: beginning anew would judge again what has been decided.
    /// - Returns: whether the group was created.
    @discardableResult
    func create(_ connection: RedisConnection, after last: EntryID? = nil) throws(RedisError) -> Bool {
        do throws(RedisError) {
            // A stream that is gone too begins anew: its ids may be lower than any before.
            let goesOn = last != nil ? try connection.command("EXISTS", stream).integer == 1 : false
            let position = goesOn ? last?.description : nil
            _ = try connection.command("XGROUP", "CREATE", stream, group, position ?? start.streamID, "MKSTREAM")
            return true
        } catch {
            // A server out of memory refuses to create even what is already there.
            if error.serverError?.prefix == "OOM", try backlog(connection) != nil { return false }
            guard error.serverError?.prefix == "BUSYGROUP" else { throw error }
            return false
        }
    }

    struct Backlog {
        /// Delivered to some consumer, not yet decided.
        var pending: Int
        /// Not yet delivered; `nil` where the server cannot tell.
        var undelivered: Int?
    }

    func backlog(_ connection: RedisConnection) throws(RedisError) -> Backlog? {
        for item in try connection.command("XINFO", "GROUPS", stream).elements {
            let values = Array(item.elements)
            let pairs = stride(from: 0, to: values.count - 1, by: 2).map { (values[$0].text, values[$0 + 1]) }
            guard pairs.first(where: { $0.0 == "name" })?.1.text == group else { continue }
            return Backlog(
                pending: pairs.first { $0.0 == "pending" }?.1.integer ?? 0,
                undelivered: pairs.first { $0.0 == "lag" }?.1.integer)
        }
        return nil
    }

    /// Removes remnants, atomically: a consumer that gets an entry meanwhile is kept.
    func removeRemnants(_ connection: RedisConnection) throws(RedisError) {
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
            """, "1", stream, group, String(Self.remnantIdle.milliseconds))
    }

    /// Leaves the group; only if nothing is pending, because deleting a consumer drops what it holds. In one step:
    /// another process may use the same name.
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
