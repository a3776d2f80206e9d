import EmbeddedRedis
import Foundation
import Redis

/// A fresh redis-server for one contender and one round: no contender inherits another's heap, streams or scripts.
struct Stage {
    private let server: EmbeddedRedisServer
    let connection: RedisConnection

    init() throws {
        server = try EmbeddedRedisServer()
        connection = try Self.connect(server.socketPath)
    }

    var socketPath: String { server.socketPath }
    var redisIdentifier: Int32 { server.processIdentifier }

    /// Stops the server; its folder goes.
    func close() {
        connection.close()
        server.stop()
    }

    /// The server's folder, which goes with it however this process ends: the contenders' scripts, deployments and logs lie here.
    var folder: URL { URL(filePath: server.socketPath).deletingLastPathComponent() }

    static func connect(_ socketPath: String) throws(RedisError) -> RedisConnection {
        try RedisConnection(RedisConfiguration(address: .unix(path: socketPath), commandTimeout: .seconds(10)))
    }

    func decisionCount() throws -> Int {
        guard let count = try connection.command("XLEN", Wire.decisions).integer else { throw BenchError("XLEN did not answer with a number") }
        return count
    }

    /// Sends commands whose replies are of no interest, unless they are errors.
    func send(_ pipeline: borrowing RedisPipeline) throws {
        for reply in try connection.send(pipeline) {
            if let error = reply.error { throw BenchError("seeding failed: \(error)") }
        }
    }
}
