package import GateAPI
import Platform
package import Redis
package import TradingState

/// The hosts of a group, as they register in Redis.
package struct HostRegistry: Sendable {
    private let key: String

    package init(group: String) {
        key = HostRecord.keyPrefix + group
    }

    /// Registers a host, drops those that are gone, and returns all that are there, with Redis' time.
    func register(
        _ host: HostRecord, _ connection: RedisConnection
    ) throws(RedisError) -> (hosts: [HostRecord], time: Timestamp) {
        let reply = try connection.command(
            "EVAL", Self.script, "1", key, host.name, host.head, String(HostRecord.life.milliseconds))
        guard let time = reply.element(0)?.text.flatMap({ Int64($0) }) else {
            throw RedisError(code: .replyUnexpected, message: "the registry of hosts did not answer with a time")
        }
        return (Self.hosts(Array(reply.elements.dropFirst())), Timestamp(milliseconds: time))
    }

    /// Takes a host out that stops.
    func remove(_ name: String, _ connection: RedisConnection) throws(RedisError) {
        _ = try connection.command("HDEL", key, name)
    }

    /// The hosts that are there at this moment of Redis' clock, by name. Changes nothing.
    package func hosts(_ connection: RedisConnection, at now: Timestamp) throws(RedisError) -> [HostRecord] {
        Self.hosts(Array(try connection.command("HGETALL", key).elements))
            .filter { now.since($0.seen) <= HostRecord.life }
    }

    private static func hosts(_ pairs: [RedisReply]) -> [HostRecord] {
        stride(from: 0, to: pairs.count - 1, by: 2).compactMap { index in
            guard let name = pairs[index].text, let text = pairs[index + 1].text else { return nil }
            return HostRecord(name: name, text: text)
        }.sorted { $0.name < $1.name }
    }

    /// Every time is Redis' own, so hosts with different clocks agree on who is gone.
    private static let script = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local answer = {string.format('%.0f', now)}
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. answer[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        local hosts = redis.call('HGETALL', KEYS[1])
        for n = 1, #hosts, 2 do
          local seen = tonumber(string.match(hosts[n + 1], ' (%d+)$'))
          if seen and now - seen <= tonumber(ARGV[3]) then
            answer[#answer + 1] = hosts[n]
            answer[#answer + 1] = hosts[n + 1]
          else
            redis.call('HDEL', KEYS[1], hosts[n])
          end
        end
        return answer
        """
}
