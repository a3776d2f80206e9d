import GateAPI
import Redis

/// Changes the mode in one atomic step: the record, the audit event, and the `mode` of every live budget.
enum ModeScript {
    /// The record is compared first, so that no change of another instance is lost. The event is written before the
    /// record: a change that cannot be recorded on the audit trail does not happen. A key of another type is no budget.
    private static let script = """
        local held = redis.call('HMGET', KEYS[1], 'mode', 'version')
        if (held[1] or '') ~= ARGV[1] or (tonumber(held[2]) or 0) ~= tonumber(ARGV[2]) then return 0 end
        local symbols = redis.call('ZRANGE', KEYS[3], 0, -1)
        local mode, prefix = ARGV[3], ARGV[4]
        local event, record = tonumber(ARGV[5]), tonumber(ARGV[6])
        for i = 7 + event + record, #ARGV do symbols[#symbols + 1] = ARGV[i] end
        if event > 0 then redis.call('XADD', KEYS[2], '*', unpack(ARGV, 7, 6 + event)) end
        if record > 0 then redis.call('HSET', KEYS[1], unpack(ARGV, 7 + event, 6 + event + record)) end
        for _, symbol in ipairs(symbols) do
          if redis.call('TYPE', prefix .. symbol).ok == 'hash' then
            redis.call('HSET', prefix .. symbol, 'mode', mode)
          end
        end
        return 1
        """

    /// Makes `record` the mode, if `held` is still in Redis; false if it is not.
    ///
    /// - Parameters:
    ///   - change: its audit event; `nil` if the mode stays.
    ///   - strays: symbols that may have a budget from another writer.
    static func write(
        _ record: ModeRecord, replacing held: HeldMode, change: ModeChange?, strays: [String] = [],
        to connection: RedisConnection
    ) throws(RedisError) -> Bool {
        let event = change?.fields.flatMap { [$0.name, $0.value] } ?? []
        let fields = held.record == record ? [] : record.fields.flatMap { [$0.name, $0.value] }
        var pipeline = RedisPipeline()
        pipeline.add(
            [
                "EVAL", script, "3", ModeRecord.key, ModeChange.stream, BudgetIndex.key, held.mode,
                String(held.version), record.mode.rawValue, BudgetRecord.keyPrefix, String(event.count),
                String(fields.count),
            ] + event + fields + strays)
        guard let reply = try connection.send(pipeline).first else { return false }
        if let error = reply.error { throw RedisError(error) }
        return reply.integer == 1
    }
}

/// The record as Redis has it, even if it is malformed: a change replaces exactly this one.
struct HeldMode {
    /// `nil` if there is none, or a malformed one.
    let record: ModeRecord?
    let mode: String
    let version: Int

    /// The reply to HGETALL of the record.
    init(_ reply: RedisReply) throws(RedisError) {
        if let error = reply.error { throw RedisError(error) }
        let fields = try? reply.hash.get()
        record = fields.flatMap(ModeRecord.init(fields:))
        mode = fields?["mode"] ?? ""
        version = fields?["version"].flatMap { Int($0) } ?? 0
    }
}
