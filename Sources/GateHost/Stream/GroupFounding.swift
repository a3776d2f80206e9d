import GateAPI
import Redis
import TradingState

/// Creates a consumer group that is missing although it has worked before: nothing is decided twice, and what was
/// pending when it vanished is decided.
///
/// While the group is missing, no commit acknowledges anything, so nothing is decided. The decision stream tells which
/// of the entries behind the group's progress are decided. The others become pending entries of this consumer.
struct GroupFounding {
    let group: ConsumerGroup
    let progress: GroupProgress
    let decisionStream: String
    let decisionMaxLength: Int

    /// The entries or records that one command looks at: so few that it does not hold Redis for long.
    private static let piece = 500

    /// What the new group found.
    struct Found {
        /// The group reads the entries behind this one.
        var start: EntryID
        /// Entries before it that nobody has decided.
        var undecided: [EntryID] = []
        /// Entries up to here count as decided, because their decision records are trimmed. `nil` if none are.
        var presumed: EntryID?
    }

    /// - Returns: `nil` if another host has created the group meanwhile.
    func create(_ connection: RedisConnection) throws(RedisError) -> Found? {
        let (decided, presumed) = try decisions(connection)
        let first = presumed.map { max($0, progress.decided) } ?? progress.decided
        var found = Found(start: first, presumed: presumed)
        if let newest = decided.plans.keys.max(), newest > first {
            let entries = try entries(connection, after: first, upTo: newest)
            if let last = entries.lastIndex(where: decided.contains) {
                found.start = entries[last].id
                found.undecided = entries[..<last].filter { !decided.contains($0) }.map(\.id)
            }
        }
        var commands = RedisPipeline()
        commands.add(
            ["EVAL", Self.script, "2", group.stream, CommitKeys.claims(stream: group.stream, group: group.group)]
                + [group.group, group.consumer, "\(found.start)"] + found.undecided.map { "\($0)" })
        guard let reply = try connection.send(commands).first else { return nil }
        if let error = reply.error { throw RedisError(error) }
        return reply.integer == 1 ? found : nil
    }

    /// An entry with the plan id that it names. Streams may share one decision stream, so an id alone may be that of
    /// another stream's entry.
    private struct NamedEntry {
        let id: EntryID
        let plan: String
    }

    /// The plan ids of the decision records by entry; of a dead letter none.
    private struct Decided {
        var plans: [EntryID: [String]] = [:]

        func contains(_ entry: NamedEntry) -> Bool {
            plans[entry.id]?.contains { $0.isEmpty || $0 == entry.plan } ?? false
        }
    }

    /// The decisions on entries behind the progress. Walks the records backwards as far as one can be.
    private func decisions(_ connection: RedisConnection) throws(RedisError) -> (Decided, presumed: EntryID?) {
        var decided = Decided()
        let end = String(progress.decided.milliseconds)
        var newest = "+"
        var oldest: EntryID?
        while true {
            let reply = try connection.command(
                "XREVRANGE", decisionStream, newest, end, "COUNT", String(Self.piece))
            for record in reply.elements {
                oldest = record.element(0)?.text.flatMap { EntryID($0) } ?? oldest
                if let entry = Self.entry(of: record), entry.id > progress.decided {
                    decided.plans[entry.id, default: []].append(entry.plan)
                }
            }
            guard reply.count == Self.piece, let oldest else { break }
            newest = "(\(oldest)"
        }
        // Where the stream is full and nothing older is left, records may have been trimmed away.
        guard try connection.command("XLEN", decisionStream).integer ?? 0 >= decisionMaxLength, let oldest,
            try connection.command("XREVRANGE", decisionStream, "(\(oldest)", "-", "COUNT", "1").count == 0
        else { return (decided, nil) }
        return (decided, EntryID(milliseconds: oldest.milliseconds, sequence: 0))
    }

    private static func entry(of record: RedisReply) -> NamedEntry? {
        let fields = record.element(1).map { Array($0.elements) } ?? []
        func value(_ name: StaticString) -> String? {
            let index = stride(from: 0, to: fields.count - 1, by: 2).first { fields[$0].text == name.description }
            return index.flatMap { fields[$0 + 1].text }
        }
        guard let id = value(DecisionRecord.Field.intentID).flatMap({ EntryID($0) }) else { return nil }
        return NamedEntry(id: id, plan: value(DecisionRecord.Field.planID) ?? "")
    }

    /// The stream's entries. A script, because the bodies stay in Redis.
    private func entries(
        _ connection: RedisConnection, after first: EntryID, upTo last: EntryID
    ) throws(RedisError) -> [NamedEntry] {
        var entries: [NamedEntry] = []
        var position = first
        while true {
            let reply = try connection.command(
                "EVAL",
                """
                local found = {}
                for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])) do
                  local plan = ''
                  for n = 1, #entry[2], 2 do if entry[2][n] == 'plan_id' then plan = entry[2][n + 1] break end end
                  found[#found + 1] = entry[1]
                  found[#found + 1] = plan
                end
                return found
                """, "1", group.stream, "(\(position)", "\(last)", String(Self.piece))
            let values = Array(reply.elements)
            for index in stride(from: 0, to: values.count - 1, by: 2) {
                guard let id = values[index].text.flatMap({ EntryID($0) }) else { continue }
                entries.append(NamedEntry(id: id, plan: values[index + 1].text ?? ""))
            }
            guard values.count == 2 * Self.piece, let end = entries.last?.id, end > position else { return entries }
            position = end
        }
    }

    /// Deleting the claims mark stops transactions with entries that were delivered by the group before.
    private static let script = """
        local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], ARGV[3])
        if made.err then
          if string.sub(made.err, 1, 9) == 'BUSYGROUP' then return 0 end
          return redis.error_reply(made.err)
        end
        redis.call('DEL', KEYS[2])
        for n = 4, #ARGV do
          redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[n], 'FORCE', 'JUSTID')
        end
        return 1
        """
}
