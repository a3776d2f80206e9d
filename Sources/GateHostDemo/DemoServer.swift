import ArgumentParser
import EmbeddedRedis
import Platform
import Redis

/// The Redis that the demo runs on: the user's empty database, or a private server.
final class DemoServer {
    let configuration: RedisConfiguration
    private let embedded: EmbeddedRedisServer?

    var isEmbedded: Bool { embedded != nil }

    init() throws {
        if let url = Console.environment["REDIS_URL"], !url.isEmpty {
            embedded = nil
            configuration = try RedisConfiguration(url: url)
            let connection = try RedisConnection(configuration)
            defer { connection.close() }
            guard try connection.command("DBSIZE").integer == 0 else {
                throw ValidationError(
                    """
                    the database at REDIS_URL (\(configuration.redactedURL)) is not empty, and the demo writes budgets \
                    and positions: name an empty one, or unset REDIS_URL for a private server
                    """)
            }
        } else {
            let server = try EmbeddedRedisServer()
            embedded = server
            configuration = try RedisConfiguration(url: server.url)
        }
    }

    func close() {
        embedded?.stop()
    }
}
