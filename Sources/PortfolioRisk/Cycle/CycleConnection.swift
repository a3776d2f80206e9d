import GateAPI
package import Redis

/// The connection as one cycle uses it. Counts round trips, which must not grow with the number of symbols.
package struct CycleConnection: ~Copyable {
    private let connection: RedisConnection
    package private(set) var roundTrips = 0

    package init(_ connection: RedisConnection) {
        self.connection = connection
    }

    mutating func send(_ pipeline: borrowing RedisPipeline) throws(RedisError) -> RedisReplies {
        guard pipeline.count > 0 else { return try connection.send(pipeline) }
        // A stop waits for no further step of a cycle. What a cycle writes, it writes in one step, its last.
        guard !Task.isCancelled else { throw RedisError(code: .connectionClosed, message: "the service stops") }
        roundTrips += 1
        return try connection.send(pipeline)
    }
}

extension RedisPipeline {
    /// Writes a hash and its expiry in one script. If the key has another type, its value and expiry stay unchanged.
    mutating func addHash(_ key: String, _ fields: [(name: String, value: String)], lifetime seconds: Int) {
        begin()
        argument("EVAL" as StaticString)
        argument(
            "redis.call('HSET',KEYS[1],unpack(ARGV,2)) return redis.call('EXPIRE',KEYS[1],ARGV[1])" as StaticString)
        argument("1" as StaticString)
        argument(key)
        argument(seconds)
        for field in fields {
            argument(field.name)
            argument(field.value)
        }
        end()
    }
}

extension RedisReply {
    /// The moment in a reply to TIME. The machine's clock is no stand-in: it may step back, and make a state that is too
    /// old usable again.
    func time() throws(RedisError) -> Timestamp {
        if let error { throw RedisError(error) }
        guard let seconds = element(0)?.text.flatMap({ Int64($0) }),
            let microseconds = element(1)?.text.flatMap({ Int64($0) })
        else { throw RedisError(code: .replyUnexpected, message: "TIME did not answer with a time") }
        return Timestamp(microseconds: Timestamp(seconds: seconds).microseconds &+ microseconds)
    }

    /// The fields in a reply to HGETALL.
    var hash: Result<Fields, InputFailure> {
        if let error { return .failure(.unavailable(detail: error.prefix)) }
        guard kind == .array else { return .failure(.unavailable(detail: "unexpected reply")) }
        guard count > 0 else { return .failure(.missing) }
        var positions: [Fields.Position] = []
        positions.reserveCapacity(count / 2)
        var name: Range<Int>?
        for element in elements {
            guard let range = element.byteRange else { return .failure(.unavailable(detail: "unexpected reply")) }
            if let field = name {
                positions.append(Fields.Position(name: field, value: range))
                name = nil
            } else {
                name = range
            }
        }
        return .success(Fields(buffer: buffer, positions: positions[...]))
    }

    func record<Record: StateRecord>(_ type: Record.Type) -> Result<Record, InputFailure> {
        switch hash {
        case .failure(let failure): return .failure(failure)
        case .success(let fields):
            do throws(InputFailure) {
                return .success(try Record(fields: fields))
            } catch {
                return .failure(error)
            }
        }
    }
}
