import Deployment
import GateAPI
import Redis
import TradingState

/// Checks that this Redis user may do all that a commit and a settlement do.
///
/// A session checks before its first commit: a script that Redis refuses halfway has acknowledged an entry that it then
/// cannot decide.
enum CommitRights {
    /// Throws an error that names every right that is missing. Writes nothing.
    static func check(
        _ connection: RedisConnection, stream: String, group: String, answers: AnswersConfiguration,
        records: [any StateRecord.Type]
    ) throws(RedisError) {
        var commands = RedisPipeline()
        commands.begin(digits: 2)
        commands.argument("EVAL" as StaticString)
        commands.argument(script)
        commands.argument(0)
        let streams = [answers.decisionStream, answers.deadLetterStream]
        let claims = CommitKeys.claims(stream: stream, group: group)
        let keys =
            streams + [
                CommitKeys.commits, claims, CommitKeys.baton, CommitKeys.batonHolder, answers.resultStream,
            ]
        for name in [stream, group] + keys { commands.argument(name) }
        for prefix in [Permit.keyPrefix, BlockRecord.keyPrefix, OutcomeRecord.keyPrefix] {
            commands.argument(prefix + "p")
        }
        let accounts = records.compactMap { $0 as? any AccountRecord.Type }
        commands.argument(accounts.reduce(0) { $0 + $1.keys.count })
        for key in accounts.flatMap({ $0.keys }) { commands.argument(key.example) }
        for key in accounts.flatMap({ $0.snapshots }).flatMap({ $0.keys }) { commands.argument(key.example) }
        commands.end()
        guard let reply = try connection.send(commands).first else { return }
        if let error = reply.error { throw RedisError(error) }
        let refused = reply.elements.compactMap(\.text)
        guard refused.isEmpty else {
            throw RedisError(RedisServerError(message: "NOPERM this user may not \(refused.joined(separator: ", "))"))
        }
    }

    /// Arguments: the plans' stream, the group, the decision stream, the dead-letter stream, the commits key, the
    /// claims mark, the baton, the key of its holder, the result stream; the key of a permit, of a block and of an outcome; the number of keys of accounts,
    /// these keys, and those of the records that show what their orders have done.
    private static let script = """
        local refused = {}
        local function want(...)
          if redis.acl_check_cmd(...) then return end
          refused[#refused + 1] = table.concat({...}, ' ', 1, math.min(2, select('#', ...)))
        end
        if not redis.acl_check_cmd then return redis.error_reply('ERR the commit needs Redis 7') end
        want('TIME')
        want('XACK', ARGV[1], ARGV[2], '1-1')
        for _, n in ipairs({1, 3, 4}) do want('XLEN', ARGV[n]) end
        want('XADD', ARGV[3], '*', 'f', 'v')
        want('XTRIM', ARGV[3], 'MAXLEN', '1')
        want('XADD', ARGV[4], '*', 'f', 'v')
        want('PEXPIRE', ARGV[5], '1')
        want('EXISTS', ARGV[5])
        want('GET', ARGV[5])
        want('SET', ARGV[5], 'v')
        want('GET', ARGV[6])
        want('SET', ARGV[6], 'v')
        want('DEL', ARGV[6])
        want('WATCH', ARGV[5], ARGV[6])
        want('ZADD', ARGV[7], '0', 'm')
        want('ZPOPMIN', ARGV[7])
        want('BZPOPMIN', ARGV[7], '1')
        want('SET', ARGV[8], 'v')
        want('XPENDING', ARGV[1], ARGV[2])
        want('MULTI')
        want('EXEC')
        want('EVAL', 'return 1', '4', ARGV[1], ARGV[3], ARGV[5], ARGV[6])
        want('EXISTS', ARGV[10], ARGV[11], ARGV[12])
        for n = 10, 12 do want('SET', ARGV[n], 'v') end
        want('DEL', ARGV[12])
        local first = 14 + ARGV[13]
        for n = 14, first - 1 do
          want('TYPE', ARGV[n])
          want('HGET', ARGV[n], 'f')
          want('HMGET', ARGV[n], 'f')
          want('HGETALL', ARGV[n])
          want('HSET', ARGV[n], 'f', 'v')
          want('HINCRBY', ARGV[n], 'f', '1')
          want('HDEL', ARGV[n], 'f')
          want('HLEN', ARGV[n])
          want('PTTL', ARGV[n])
          want('PEXPIRE', ARGV[n], '1')
          want('RENAME', ARGV[n], ARGV[n] .. ':damaged:1')
        end
        if ARGV[13] ~= '0' then
          want('XACK', ARGV[9], ARGV[2], '1-1')
          want('XREVRANGE', ARGV[3], '+', '-')
          want('DEL', ARGV[10])
          want('GET', ARGV[12])
          want('MGET', ARGV[12])
          for n = first, #ARGV do want('HGET', ARGV[n], 'f') end
        end
        return refused
        """
}

extension RecordKey {
    /// The key of some symbol.
    fileprivate var example: String {
        switch self {
        case .perSymbol(let prefix), .perSource(let prefix): prefix + "S"
        case .perLeg(let prefix, let leg): "\(prefix)S:\(leg.rawValue)"
        case .single(let key): key
        }
    }
}
