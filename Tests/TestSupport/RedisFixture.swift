package import EmbeddedRedis
package import Redis

/// A private Redis server and a connection to it. Both end with the object.
package final class RedisFixture {
    package let server: EmbeddedRedisServer
    package private(set) var connection: RedisConnection

    package init(appendOnly: Bool = false, extraArguments: [String] = []) throws {
        server = try EmbeddedRedisServer(appendOnly: appendOnly, extraArguments: extraArguments)
        connection = try Self.connect(server)
    }

    deinit {
        connection.close()
        server.stop()
    }

    package func reconnect() throws {
        connection.close()
        connection = try Self.connect(server)
    }

    /// A long command timeout, because tests read whole streams on busy machines.
    private static func connect(_ server: EmbeddedRedisServer) throws -> RedisConnection {
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = .seconds(30)
        return try RedisConnection(configuration)
    }

    @discardableResult
    package func command(_ arguments: String...) throws -> RedisReply { try send(arguments) }

    @discardableResult
    package func send(_ arguments: [String]) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        guard let reply = try connection.send(pipeline).first else { throw FixtureError.noReply }
        if let error = reply.error { throw error }
        return reply
    }

    /// Publishes the entries, many to a round trip.
    package func publish(_ entries: [[(name: String, value: String)]], to stream: String) throws {
        for start in stride(from: 0, to: entries.count, by: 500) {
            var pipeline = RedisPipeline()
            for entry in entries[start..<min(start + 500, entries.count)] {
                pipeline.add(["XADD", stream, "*"] + entry.flatMap { [$0.name, $0.value] })
            }
            for reply in try connection.send(pipeline) {
                if let error = reply.error { throw error }
            }
        }
    }

    package func hash(_ key: String) throws -> [String: String] {
        Self.dictionary(try command("HGETALL", key))
    }

    /// All entries of a stream as dictionaries, oldest first.
    package func entries(_ stream: String) throws -> [[String: String]] {
        try command("XRANGE", stream, "-", "+").elements.map { entry in entry.element(1).map(Self.dictionary) ?? [:] }
    }

    package static func dictionary(_ reply: RedisReply) -> [String: String] {
        var result: [String: String] = [:]
        var name: String?
        for element in reply.elements {
            if let key = name {
                result[key] = element.text ?? ""
                name = nil
            } else {
                name = element.text ?? ""
            }
        }
        return result
    }
}

package enum FixtureError: Error {
    case noReply
    /// The condition did not hold in time.
    case timeout(String)
}
