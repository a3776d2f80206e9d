package import GateAPI
import Redis
import Platform

/// Reads and claims entries of one stream for one consumer of a group.
package struct StreamReader {
    let stream: String
    let group: String
    let consumer: String
    /// Most entries read at once.
    var batch: Int
    /// The longest that a read waits for entries.
    let longestBlock: Duration

    var claimsKey: String { CommitTransaction.claimsKey(stream: stream, group: group) }

    /// What one read brought.
    package struct Batch: Sendable {
        package var entries: [StreamEntry] = []
        /// Pending entries whose bodies are gone from the stream, still to be acknowledged.
        package var bodiless: [EntryID] = []
        /// Entries whose bodies are gone and which the server took out of the pending list itself.
        package var trimmed: [EntryID] = []
        /// Behind which fence the entries came; `nil` where there was none.
        var fence: Int?
        /// The mark of claims that was there before the entries were delivered, if there was one, and if it was the
        /// same for all.
        var mark: String?

        package var isEmpty: Bool { entries.isEmpty && bodiless.isEmpty && trimmed.isEmpty }

        mutating func append(_ other: Batch) {
            if isEmpty {
                self = other
            } else {
                entries += other.entries
                bodiless += other.bodiless
                trimmed += other.trimmed
                fence = if let fence, let later = other.fence { max(fence, later) } else { nil }
                if mark != other.mark { mark = nil }
            }
        }
    }

    /// Asks for at most `count` new entries; waits up to `block` for the first, or not at all.
    func encodeReadNew(count: Int, block: Duration?, into pipeline: inout RedisPipeline) {
        pipeline.begin()
        pipeline.argument("XREADGROUP" as StaticString)
        pipeline.argument("GROUP" as StaticString)
        pipeline.argument(group)
        pipeline.argument(consumer)
        pipeline.argument("COUNT" as StaticString)
        pipeline.argument(count)
        if let block {
            pipeline.argument("BLOCK" as StaticString)
            pipeline.argument(Int(block.milliseconds))
        }
        pipeline.argument("STREAMS" as StaticString)
        pipeline.argument(stream)
        pipeline.argument(">" as StaticString)
        pipeline.end()
    }

    /// Asks for the mark of claims, which is to come before the entries.
    func encodeReadMark(into pipeline: inout RedisPipeline) {
        pipeline.begin()
        pipeline.argument("GET" as StaticString)
        pipeline.argument(claimsKey)
        pipeline.end()
    }

    /// Makes transactions possible: sets the mark of claims and the key of commits where there are none. `unique` tells
    /// the mark from all that this consumer has set before.
    func encodeMark(_ unique: String, into pipeline: inout RedisPipeline) {
        pipeline.add("SET", CommitTransaction.commitsKey, "1", "NX", "EX", "86400")
        pipeline.add("SET", claimsKey, "\(consumer) \(unique)", "NX", "EX", "86400")
    }

    /// New entries; waits up to `block` for the first.
    func readNew(_ connection: RedisConnection, block: Duration) throws(RedisError) -> Batch {
        var pipeline = RedisPipeline()
        encodeReadNew(count: batch, block: block, into: &pipeline)
        return try decode(try connection.send(pipeline, extraTimeout: block).first)
    }

    /// This consumer's own pending entries after `start`: what an earlier commit may have left open.
    func readPending(_ connection: RedisConnection, after start: EntryID?) throws(RedisError) -> Batch {
        var pipeline = RedisPipeline()
        pipeline.add(
            "XREADGROUP", "GROUP", group, consumer, "COUNT", String(batch), "STREAMS", stream, start?.description ?? "0"
        )
        return try decode(try connection.send(pipeline).first)
    }

    /// Takes over entries that other consumers have left pending for at least `idle`. Returns where to go on; `nil` at
    /// the end.
    ///
    /// Who has the entries already may be about to commit them in a transaction, which is not executed when the mark of
    /// claims is gone.
    func claim(_ connection: RedisConnection, idle: Duration, cursor: String) throws(RedisError) -> (
        batch: Batch, next: String?
    ) {
        var pipeline = RedisPipeline()
        pipeline.add("MULTI")
        pipeline.add("DEL", claimsKey)
        pipeline.add("XAUTOCLAIM", stream, group, consumer, String(idle.milliseconds), cursor, "COUNT", String(batch))
        pipeline.add("EXEC")
        let replies = try connection.send(pipeline)
        for reply in replies { if let error = reply.error { throw RedisError(error) } }
        guard let reply = replies.last?.element(1) else { throw Self.unexpected }
        if let error = reply.error { throw RedisError(error) }
        guard let list = reply.element(1) else { throw Self.unexpected }
        var batch = Self.batch(of: list)
        if let deleted = reply.element(2) {
            batch.trimmed = deleted.elements.compactMap { $0.text.flatMap { EntryID($0) } }
        }
        let next = reply.element(0)?.text
        return (batch, next == "0-0" ? nil : next)
    }

    /// Reads the answer to a read.
    func decode(_ reply: RedisReply?) throws(RedisError) -> Batch {
        guard let reply else { throw Self.unexpected }
        if let error = reply.error { throw RedisError(error) }
        if reply.isNull { return Batch() }
        guard let list = reply.element(0)?.element(1) else { throw Self.unexpected }
        return Self.batch(of: list)
    }

    static let unexpected = RedisError(
        code: .replyUnexpected, message: "the server's reply is not a list of stream entries")

    /// All entries share the reply's bytes and one array of positions.
    static func batch(of list: RedisReply) -> Batch {
        var batch = Batch()
        var positions: [Fields.Position] = []
        var found: [(id: EntryID, positions: Range<Int>)] = []
        found.reserveCapacity(list.count)
        for entry in list.elements {
            var parts = entry.elements.makeIterator()
            // A nil instead of an entry is how servers before 7.0 answer a claim of an entry that is gone.
            guard let id = parts.next().flatMap(entryID) else { continue }
            guard let fields = parts.next(), fields.kind == .array else {
                batch.bodiless.append(id)
                continue
            }
            let start = positions.count
            if start == 0 { positions.reserveCapacity(list.count * fields.count / 2) }
            FieldPositions.append(of: fields, to: &positions)
            found.append((id, start..<positions.count))
        }
        batch.entries = found.map {
            StreamEntry(id: $0.id, fields: Fields(buffer: list.buffer, positions: positions[$0.positions]))
        }
        return batch
    }

    private static func entryID(_ reply: RedisReply) -> EntryID? {
        reply.byteRange.flatMap { range in EntryID(utf8: reply.buffer.span.extracting(range)) }
    }
}
