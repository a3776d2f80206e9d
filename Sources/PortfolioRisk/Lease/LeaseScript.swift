import Platform
import Redis

/// The lease `quantum:portfolio:lease`: of all instances of the service, its holder writes, and the others stand by.
///
/// Redis' clock alone decides when it ends. The hash itself stays, so that the epoch never falls.
package enum LeaseScript {
    package static let key = "quantum:portfolio:lease"

    /// Takes the lease if it is free or has ended, and extends it if the caller holds it.
    ///
    /// A lease that would last longer than its own length is of a clock that was set back since; it counts as ended.
    private static let take = """
        local lease = redis.call('HMGET', KEYS[1], 'holder', 'epoch', 'until', 'length', 'cycle_at')
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local epoch, left = tonumber(lease[2]) or 0, (tonumber(lease[3]) or 0) - now
        local holder = lease[1] or ''
        if holder ~= ARGV[1] then
          if holder ~= '' and left > 0 and left <= (tonumber(lease[4]) or 0) then
            return {0, holder, epoch, lease[5] and now - lease[5] or -1}
          end
          holder, epoch = ARGV[1], epoch + 1
          redis.call('HSET', KEYS[1], 'holder', holder, 'epoch', epoch, 'since', now, 'cycle', 0)
        end
        redis.call('HSET', KEYS[1], 'until', now + ARGV[2], 'length', ARGV[2])
        return {1, holder, epoch, lease[5] and now - lease[5] or -1}
        """

    private static let release = """
        local lease = redis.call('HMGET', KEYS[1], 'holder', 'epoch')
        if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then return 0 end
        return redis.call('HSET', KEYS[1], 'holder', '', 'until', 0)
        """

    static func addTake(_ holder: String, for length: Duration, to pipeline: inout RedisPipeline) {
        pipeline.add("EVAL", take, "1", key, holder, String(length.milliseconds))
    }

    static func addRelease(_ term: LeaseTerm, to pipeline: inout RedisPipeline) {
        pipeline.add("EVAL", release, "1", key, term.holder, String(term.epoch))
    }
}

extension LeaseReading {
    /// The reply to the script that takes the lease.
    init(_ reply: RedisReply) throws(RedisError) {
        if let error = reply.error { throw RedisError(error) }
        guard reply.count == 4, let isOwn = reply.element(0)?.integer, let holder = reply.element(1)?.text,
            let epoch = reply.element(2)?.integer, let age = reply.element(3)?.integer
        else { throw RedisError(code: .replyUnexpected, message: "the reply about the lease is not one") }
        self.init(
            term: LeaseTerm(holder: holder, epoch: epoch), isOwn: isOwn == 1,
            // Less than zero since the clock was set back.
            cycleAge: age == -1 ? nil : .milliseconds(max(0, age)))
    }
}
