import Redis

/// Creates the group and keeps it tidy.
struct ConsumerGroup {
    let stream: String
    let group: String
    let consumer: String
    let start: GroupStart

    /// Consumers that hold nothing and have not asked for anything in this time are remnants of dead hosts. Live ones ask several times a second.
    static let remnantIdle: Duration = .seconds(3_600)

    func create(_ connection: RedisConnection) throws(RedisError) {
        do throws(RedisError) {
            _ = try connection.command("XGROUP", "CREATE", stream, group, start.streamID, "MKSTREAM")
        } catch {
            guard error.serverError?.prefix == "BUSYGROUP" else { throw error }
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
                pending: pairs.first { $0.0 == "pending" }?.1.integer ?? 0, undelivered: pairs.first { $0.0 == "lag" }?.1.integer)
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

    /// Leaves the group; only if nothing is pending, because deleting a consumer drops what it holds.
    func leave(_ connection: RedisConnection) throws(RedisError) {
        let pending = try connection.command("XPENDING", stream, group, "-", "+", "1", consumer)
        if pending.count == 0 { _ = try connection.command("XGROUP", "DELCONSUMER", stream, group, consumer) }
    }
}
