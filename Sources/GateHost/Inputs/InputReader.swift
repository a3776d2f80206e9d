package import GateAPI
package import Redis

/// Reads the records that a batch needs, each once, in one pipelined round trip.
package struct InputReader {
    package init() {}

    /// Appends one command per Redis key.
    package func encode(_ request: InputRequest, into pipeline: inout RedisPipeline) {
        for key in request.keys {
            let command = key.record.form == .hash ? "HGETALL" : "GET"
            for name in key.redisKeys { pipeline.add(command, name) }
        }
    }

    /// Decodes the replies to ``encode(_:into:)``, in its order.
    package func decode(_ request: InputRequest, _ replies: some Collection<RedisReply>, now: Timestamp) -> BatchInputs {
        var rest = replies.makeIterator()
        return decode(request, now: now) { _, form in rest.next().map { Self.raw($0, form) } ?? .failed("no reply") }
    }

    /// Decodes records from anywhere: `lookup` gives the record under a Redis key.
    package func decode(_ request: InputRequest, now: Timestamp, lookup: (String, RecordForm) -> RawRecord) -> BatchInputs {
        var batch = BatchInputs(inputs: Inputs(now: now))
        for key in request.keys {
            var generations: [RawRecord] = []
            for name in key.redisKeys {
                let raw = lookup(name, key.record.form)
                generations.append(raw)
                batch.raw[name] = raw
            }
            batch.inputs.set(RawRecord.decode(key.record, generations, now: now), for: key)
        }
        return batch
    }

    private static func raw(_ reply: RedisReply, _ form: RecordForm) -> RawRecord {
        if let error = reply.error { return .failed(error.prefix) }
        switch (form, reply.kind) {
        case (.string, .string):
            guard let range = reply.byteRange else { return .missing }
            let name = Array("value".utf8)
            let buffer = name + Array(reply.buffer[range])
            return .fields(Fields(buffer: buffer, positions: [.init(name: 0..<name.count, value: name.count..<buffer.count)]))
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

/// The records of a batch, decoded for the gates and raw for the record.
package struct BatchInputs: Sendable {
    package var inputs: Inputs
    package var raw: [String: RawRecord] = [:]

    package init(inputs: Inputs) {
        self.inputs = inputs
    }

    /// Lets later intents of the batch see a reservation, in their record too.
    package mutating func reserve(
        _ reservation: Reservation, planID: String, by entry: EntryID, until expiry: Timestamp, isRecorded: Bool
    ) {
        inputs.reserve(reservation, planID: planID, by: entry, until: expiry)
        guard isRecorded else { return }
        var pairs: [(name: String, value: String)] = []
        if case .fields(let fields) = raw[reservation.redisKey] { pairs = fields.pairs.filter { $0.name != ReservationFields.last } }
        pairs.append((planID, "\(reservation.amount) \(expiry.milliseconds) 0"))
        pairs.append((ReservationFields.last, entry.description))
        raw[reservation.redisKey] = .fields(Fields(pairs))
    }

    /// The records that one intent's request named, as one JSON object by Redis key; unreadable ones as `{"error": …}`, missing ones as null.
    package func json(_ request: InputRequest) -> [UInt8] {
        var json = RecordsJSON()
        for name in request.keys.flatMap(\.redisKeys) { json.add(name, raw[name] ?? .missing) }
        return json.bytes
    }
}

enum FieldPositions {
    /// Reads a flat array of names and values.
    static func append(of reply: RedisReply, to positions: inout [Fields.Position]) {
        var name: Range<Int>?
        for element in reply.elements {
            guard let range = element.byteRange else { return }
            if let field = name {
                positions.append(Fields.Position(name: field, value: range))
                name = nil
            } else {
                name = range
            }
        }
    }
}
