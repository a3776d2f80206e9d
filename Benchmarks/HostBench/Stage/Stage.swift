import EmbeddedRedis
import Foundation
import Redis

/// A fresh redis-server for one contender and one round, so that no contender inherits another's heap, streams or
/// scripts.
///
/// Redis and the contender each have a core. Otherwise the scheduler often wakes Redis on its client's core, and the
/// two take turns instead of working at once.
struct Stage {
    static let redisCore = 0
    static let contenderCore = 1

    let ownCores: Bool
    private let server: EmbeddedRedisServer
    let connection: RedisConnection

    /// - Parameter ownCores: only for rounds in which the driver is idle. A driver that sends and follows needs a core
    ///   too.
    init(ownCores: Bool = false) throws {
        self.ownCores = ownCores
        server = try EmbeddedRedisServer(extraArguments: ownCores ? ["--server_cpulist", "\(Self.redisCore)"] : [])
        connection = try Self.connect(server.socketPath)
    }

    var socketPath: String { server.socketPath }
    var redisIdentifier: Int32 { server.processIdentifier }

    /// Stops the server and deletes its folder.
    func close() {
        connection.close()
        server.stop()
    }

    /// The server's folder, for the contenders' scripts, deployments and logs. It is deleted with the server, however
    /// this process ends.
    var folder: URL { URL(filePath: server.socketPath).deletingLastPathComponent() }

    static func connect(_ socketPath: String) throws(RedisError) -> RedisConnection {
        try RedisConnection(RedisConfiguration(address: .unix(path: socketPath), commandTimeout: .seconds(10)))
    }

    func decisionCount() throws -> Int {
        guard let count = try connection.command("XLEN", Wire.decisions).integer else {
            throw BenchError("XLEN did not answer with a number")
        }
        return count
    }

    /// Sends commands and checks only that no reply is an error.
    func send(_ pipeline: borrowing RedisPipeline) throws {
        for reply in try connection.send(pipeline) {
            if let error = reply.error { throw BenchError("seeding failed: \(error)") }
        }
    }
}
