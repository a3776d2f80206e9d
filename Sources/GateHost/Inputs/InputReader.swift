package import GateAPI
package import Redis
import TradingState

/// Reads records, each once, in one pipelined round trip.
package struct InputReader {
    /// Whether to ask for each key's remaining life and for a report of its next change. A cache needs both.
    private let isForKeeping: Bool
    /// How accounts are read; `nil` reads them as they are, and writes nothing.
    private let accounts: AccountReading?

    package init(isForKeeping: Bool = false, accounts: AccountReading? = nil) {
        self.isForKeeping = isForKeeping
        self.accounts = accounts
    }

    /// Appends the commands that read the records.
    package func encode(_ keys: [InputKey], into pipeline: inout RedisPipeline) {
        for key in keys {
            if let accounts, let account = key.record as? any AccountRecord.Type {
                accounts.encode(account, key, into: &pipeline)
                continue
            }
            let command = key.record.form == .hash ? "HGETALL" : "GET"
            let isKept = isForKeeping && key.isKept
            for name in key.redisKeys {
                if isKept { pipeline.add("CLIENT", "CACHING", "YES") }
                pipeline.add(command, name)
                if isKept { pipeline.add("PTTL", name) }
            }
        }
    }

    /// Decodes the replies to ``encode(_:into:)``, in its order.
    package func decode(_ keys: [InputKey], _ replies: RedisReplies, now: Timestamp) -> BatchInputs {
        var batch = BatchInputs(inputs: Inputs(now: now))
        decode(keys, replies, now: now) { key, decoded, generations, _ in
            batch.set(decoded.box, for: key, generations, isRecorded: true)
        }
        return batch
    }

    /// Decodes records from another source: `lookup` gives the record under a Redis key.
    package func decode(_ keys: [InputKey], now: Timestamp, lookup: (String, RecordForm) -> RawRecord) -> BatchInputs {
        var batch = BatchInputs(inputs: Inputs(now: now))
        for key in keys {
            let generations = key.redisKeys.map { lookup($0, key.record.form) }
            batch.set(RawRecord.decode(key.record, generations, now: now).box, for: key, generations, isRecorded: true)
        }
        return batch
    }

    /// Hands out each record with its generations and its shortest remaining life in milliseconds; `nil` for a record
    /// without expiry.
    func decode(
        _ keys: [InputKey], _ replies: RedisReplies, now: Timestamp,
        _ take: (InputKey, DecodedRecord, [RawRecord], _ lifetime: Int?) -> Void
    ) {
        var rest = replies.makeIterator()
        for key in keys {
            var generations: [RawRecord] = []
            var lifetime: Int?
            let isKept = isForKeeping && key.isKept
            for _ in key.record.keys {
                let isTold = isKept && rest.next()?.error == nil
                generations.append(rest.next().map { Self.raw($0, key.record.form) } ?? .failed("no reply"))
                guard isKept else { continue }
                // -1: no expiry; -2: no such key. If PTTL fails, or Redis will not report changes, the record is read
                // again next time.
                let left = rest.next()?.integer ?? 0
                guard isTold else {
                    lifetime = 0
                    continue
                }
                if left >= 0 { lifetime = min(lifetime ?? left, left) }
            }
            take(key, RawRecord.decode(key.record, generations, now: now), generations, lifetime)
        }
    }

    private static func raw(_ reply: RedisReply, _ form: RecordForm) -> RawRecord {
        if let error = reply.error { return .failed(error.prefix) }
        switch (form, reply.kind) {
        case (.string, .string):
            guard let range = reply.byteRange else { return .missing }
            let name = Array("value".utf8)
            let buffer = name + Array(reply.buffer[range])
            return .fields(
                Fields(buffer: buffer, positions: [.init(name: 0..<name.count, value: name.count..<buffer.count)]))
        case (.hash, .array):
            // HGETALL answers a missing key with an empty array.
            guard reply.count > 0 else { return .missing }
            var positions: [Fields.Position] = []
            positions.reserveCapacity(reply.count / 2)
            FieldPositions.append(of: reply, to: &positions)
            return .fields(Fields(buffer: reply.buffer, positions: positions[...]))
        case (_, .null): return .missing
        default: return .failed("unexpected reply")
        }
    }
}

extension InputKey {
    /// Whether Redis is asked to report changes of the record. Not of an account: nearly every commit and report changes
    /// it, and a commit answers with the account as it left it.
    var isKept: Bool { !isAccount }

    var isAccount: Bool { record is any AccountRecord.Type }
}
