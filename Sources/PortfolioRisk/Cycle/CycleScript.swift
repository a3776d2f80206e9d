import GateAPI
import Redis

/// Writes all records of a cycle in one atomic step, if the lease still is the writer's.
///
/// The step takes about 5 µs of Redis for each budget. Redis takes the mode from its own record, so that no budget
/// carries the mode of a moment before.
struct CycleScript {
    /// A hash with a time to live.
    struct Record {
        let key: String
        let fields: [(name: String, value: String)]
        let lifetime: Int
    }

    enum Outcome {
        /// - refused: the positions of the records that Redis refused, such as keys of another type, with its errors.
        case written(mode: RiskMode, refused: [(index: Int, error: RedisServerError)])
        /// Another instance holds the lease, or a later cycle was written.
        case fenced
    }

    let term: LeaseTerm
    /// Rises with every cycle of a term.
    let cycle: Int
    /// Applies if Redis has no readable record of the mode.
    let mode: RiskMode
    let budgets: [Record]
    let others: [Record]

    /// The id in every budget of a cycle, `epoch.cycle`: two budgets with the same id were computed from the same state.
    static let idField = "cycle"

    private static let script = """
        local lease = redis.call('HMGET', KEYS[1], 'holder', 'epoch', 'cycle')
        if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] or (tonumber(lease[3]) or 0) >= tonumber(ARGV[3]) then
          return {0}
        end
        local mode = redis.pcall('HGET', KEYS[2], 'mode')
        if mode ~= 'shadow' and mode ~= 'enforce' then mode = ARGV[4] end
        local time = redis.call('TIME')
        redis.call('HSET', KEYS[1], 'cycle', ARGV[3], 'cycle_at', time[1] * 1000 + math.floor(time[2] / 1000))
        redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', time[1])
        local prefix, budgets, refused, at = ARGV[5], tonumber(ARGV[6]), {}, 7
        for i = 4, #KEYS do
          local first, last = at + 3, at + 2 + ARGV[at + 1]
          if ARGV[at + 2] ~= '0' then ARGV[at + 2 + ARGV[at + 2]] = mode end
          local reply = redis.pcall('HSET', KEYS[i], unpack(ARGV, first, last))
          if type(reply) == 'table' and reply.err then
            refused[#refused + 1] = {i - 4, reply.err}
          else
            redis.call('EXPIRE', KEYS[i], ARGV[at])
            if i < 4 + budgets then redis.call('ZADD', KEYS[3], time[1] + ARGV[at], string.sub(KEYS[i], #prefix + 1)) end
          end
          at = last + 1
        end
        return {1, mode, refused}
        """

    func send(_ connection: inout CycleConnection) throws(RedisError) -> Outcome {
        var pipeline = RedisPipeline()
        pipeline.begin(digits: 5)
        pipeline.argument("EVAL" as StaticString)
        pipeline.argument(Self.script)
        let keys = [LeaseScript.key, ModeRecord.key, BudgetIndex.key] + (budgets + others).map(\.key)
        pipeline.argument(keys.count)
        for key in keys { pipeline.argument(key) }
        for argument in [term.holder, String(term.epoch), String(cycle), mode.rawValue, BudgetRecord.keyPrefix] {
            pipeline.argument(argument)
        }
        pipeline.argument(budgets.count)
        let id = (name: Self.idField, value: "\(term.epoch).\(cycle)")
        for record in budgets { add(record, record.fields + [id], to: &pipeline) }
        for record in others { add(record, record.fields, to: &pipeline) }
        pipeline.end()
        guard let reply = try connection.send(pipeline).first else {
            throw RedisError(code: .replyUnexpected, message: "Redis sent no reply to a cycle")
        }
        return try outcome(reply)
    }

    /// Lifetime, number of arguments, the place of the mode among them (0: none), and the fields.
    private func add(
        _ record: Record, _ fields: [(name: String, value: String)], to pipeline: inout RedisPipeline
    ) {
        pipeline.argument(record.lifetime)
        pipeline.argument(fields.count * 2)
        pipeline.argument((fields.firstIndex { $0.name == "mode" }.map { $0 * 2 + 2 }) ?? 0)
        for field in fields {
            pipeline.argument(field.name)
            pipeline.argument(field.value)
        }
    }

    private func outcome(_ reply: RedisReply) throws(RedisError) -> Outcome {
        if let error = reply.error { throw RedisError(error) }
        if reply.element(0)?.integer == 0 { return .fenced }
        guard let mode = reply.element(1)?.text.flatMap(RiskMode.init(rawValue:)), let list = reply.element(2) else {
            throw RedisError(code: .replyUnexpected, message: "the reply to a cycle is not one")
        }
        return .written(
            mode: mode,
            refused: list.elements.compactMap { element in
                guard let index = element.element(0)?.integer, let text = element.element(1)?.text else { return nil }
                return (index, RedisServerError(message: text))
            })
    }
}
