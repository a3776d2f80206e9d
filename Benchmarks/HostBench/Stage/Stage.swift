import EmbeddedRedis
import Foundation
import Redis

/// A fresh redis-server for one contender and one round: no contender inherits another's heap, streams or scripts.
///
/// Redis and the contender have a core each. Left alone, the scheduler often wakes Redis on the core of whoever wrote
/// to it, and then the two take turns where they could work at once.
struct Stage {
    static let redisCore = 0
    static let contenderCore = 1

    let ownCores: Bool
    private let server: EmbeddedRedisServer
    let connection: RedisConnection

    /// - Parameter ownCores: for rounds in which the driver does nothing meanwhile; where it sends and follows, it
    ///   needs a core too.
    init(ownCores: Bool = false) throws {
        self.ownCores = ownCores
        server = try EmbeddedRedisServer(extraArguments: ownCores ? ["--server_cpulist", "\(Self.redisCore)"] : [])
        connection = try Self.connect(server.socketPath)
    }

    var socketPath: String { server.socketPath }
    var redisIdentifier: Int32 { server.processIdentifier }

    /// Stops the server; its folder goes.
    func close() {
        connection.close()
        server.stop()
    }

    /// The server's folder, which goes with it however this process ends: the contenders' scripts, deployments and logs
    /// lie here.
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

    /// Sends commands whose replies are of no interest, unless they are errors.
    func send(_ pipeline: borrowing RedisPipeline) throws {
        for reply in try connection.send(pipeline) {
            if let error = reply.error { throw BenchError("seeding failed: \(error)") }
        }
    }
}
