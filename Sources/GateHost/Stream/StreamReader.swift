import GateAPI
import Platform
import Redis
import TradingState

/// Reads and claims entries of one stream for one consumer of a group.
package struct StreamReader {
    let stream: String
    let group: String
    let consumer: String
    /// The most entries that one read brings.
    var batch: Int
    /// The longest that a read waits for entries.
    let longestBlock: Duration
    /// Other spellings of symbols.
    var symbols = SymbolMap()
    /// The source of entries that name none.
    var source: String?
    /// The largest entry that is read, in bytes.
    var maxEntryBytes = 1 << 20

    /// The bytes of entries after which a read of pending entries stops.
    static let maximumTakenBytes = 4 << 20
    /// The most bytes of a read's reply, besides one entry of the largest size. XREADGROUP and XAUTOCLAIM know no
    /// such bound. A longer reply ends the session, and the next takes the entries out of the pending entries list,
    /// measured.
    static let maximumReadBytes = 8 << 20

    var replyLimit: Int { Self.maximumReadBytes + maxEntryBytes }

    var claimsKey: String { CommitKeys.claims(stream: stream, group: group) }

    /// Appends a read of at most `count` new entries. It waits up to `block` for the first; `nil` does not wait.
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

    /// Appends a read of the claims mark. It must stand before the read of the entries.
    func encodeReadClaimsMark(into pipeline: inout RedisPipeline) {
        pipeline.begin()
        pipeline.argument("GET" as StaticString)
        pipeline.argument(claimsKey)
        pipeline.end()
    }

    /// Appends the commands that make transactions possible: they create the commits key and the claims mark where
    /// either is missing.
    ///
    /// - Parameter unique: tells this mark from all that the consumer has set before.
    func encodeSetClaimsMark(_ unique: String, into pipeline: inout RedisPipeline) {
        let life = String(CommitKeys.lifeSeconds)
        pipeline.add("SET", CommitKeys.commits, "1", "NX", "EX", life)
        pipeline.add("SET", claimsKey, "\(consumer) \(unique)", "NX", "EX", life)
    }

    /// Reads new entries. Waits up to `block` for the first.
    func readNew(_ connection: RedisConnection, block: Duration) throws(RedisError) -> StreamBatch {
        var pipeline = RedisPipeline()
        encodeReadNew(count: batch, block: block, into: &pipeline)
        return try decode(try connection.send(pipeline, extraTimeout: block, atMost: replyLimit).first)
    }

    /// Reads this consumer's own pending entries after `start`, which an earlier session may have left undecided.
    func readPending(_ connection: RedisConnection, after start: EntryID?) throws(RedisError) -> StreamBatch {
        var start = start
        while true {
            var ids = try pending(connection, after: start).map(\.id)[...]
            guard let last = ids.last else { return StreamBatch() }
            while !ids.isEmpty {
                let batch = try take(&ids, counting: true, connection)
                if !batch.isEmpty { return batch }
            }
            start = last
        }
    }

    /// Claims entries that other consumers have left pending for at least `idle`. Returns the cursor for the next call;
    /// `nil` at the end.
    ///
    /// The entries' owner may be about to commit them in a transaction. Deleting the claims mark keeps that transaction
    /// from being executed.
    func claim(
        _ connection: RedisConnection, idle: Duration, cursor: String
    ) throws(RedisError) -> (batch: StreamBatch, next: String?) {
        var pipeline = RedisPipeline()
        pipeline.add("MULTI")
        pipeline.add("DEL", claimsKey)
        pipeline.add(
            "XAUTOCLAIM", stream, group, consumer, String(idle.milliseconds), cursor, "COUNT", String(batch))
        pipeline.add("EXEC")
        let replies = try connection.send(pipeline, atMost: replyLimit)
        for reply in replies { if let error = reply.error { throw RedisError(error) } }
        guard let reply = replies.last?.element(1) else { throw Self.unexpected }
        if let error = reply.error { throw RedisError(error) }
        guard let list = reply.element(1) else { throw Self.unexpected }
        var batch = StreamBatch(list, symbols, source: source)
        if let deleted = reply.element(2) {
            batch.trimmed = deleted.elements.compactMap { $0.text.flatMap { EntryID($0) } }
        }
        let next = reply.element(0)?.text
        return (batch, next == "0-0" ? nil : next)
    }

    /// Reads the reply to a read.
    func decode(_ reply: RedisReply?) throws(RedisError) -> StreamBatch {
        guard let reply else { throw Self.unexpected }
        if let error = reply.error { throw RedisError(error) }
        if reply.isNull { return StreamBatch() }
        guard let list = reply.element(0)?.element(1) else { throw Self.unexpected }
        return StreamBatch(list, symbols, source: source)
    }

    static let unexpected = RedisError(
        code: .replyUnexpected, message: "the server's reply is not a list of stream entries")
}
