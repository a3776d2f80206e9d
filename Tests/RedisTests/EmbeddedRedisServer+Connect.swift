import EmbeddedRedis
@testable import Redis

extension EmbeddedRedisServer {
    func connect(commandTimeout: Duration = .seconds(10), busyPoll: Duration = .zero) throws -> RedisConnection {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = commandTimeout
        let connection = try RedisConnection(configuration)
        connection.busyPoll = busyPoll
        return connection
    }
}
