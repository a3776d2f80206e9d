import EmbeddedRedis
@testable import Redis
import Testing
import TestSupport

@Suite("The end of a connection")
final class ConnectionLossTests {
    let server: EmbeddedRedisServer

    init() throws {
        server = try EmbeddedRedisServer()
    }

    deinit {
        server.stop()
    }

    private func connect(commandTimeout: Duration = .seconds(10), busyPoll: Duration = .zero) throws -> RedisConnection
    {
        try server.connect(commandTimeout: commandTimeout, busyPoll: busyPoll)
    }

    /// No polling, a short poll, and one longer than the test.
    private static let busyPolls: [Duration] = [.zero, .milliseconds(1), .seconds(60)]

    @Test("is not caused by a blocking read that times out on the server", arguments: busyPolls)
    func blockingReadInVain(busyPoll: Duration) throws {
        let connection = try connect(commandTimeout: .milliseconds(200), busyPoll: busyPoll)
        _ = try connection.command("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM")
        var pipeline = RedisPipeline()
        pipeline.add("XREADGROUP", "GROUP", "g", "c", "BLOCK", "400", "STREAMS", "s", ">")
        let replies = try connection.send(pipeline, extraTimeout: .seconds(10))
        #expect(replies.first?.isNull == true)
        #expect(replies.first?.elements.isEmpty == true)
    }

    @Test("comes with a timeout, at the configured time", arguments: busyPolls)
    func timeout(busyPoll: Duration) throws {
        let connection = try connect(commandTimeout: .milliseconds(150), busyPoll: busyPoll)
        let clock = ContinuousClock()
        let start = clock.now
        let error = #expect(throws: RedisError.self) { try connection.command("BLPOP", "nothing", "30") }
        #expect(error == RedisError(code: .timeout, message: "Redis at \(server.url) did not answer in time"))
        #expect(clock.now - start >= .milliseconds(150))
        #expect(clock.now - start < .seconds(10))
        #expect(!connection.isUsable)
        #expect(throws: RedisError(code: .connectionClosed, message: "the connection to Redis is closed")) {
            try connection.command("PING")
        }
    }

    @Test("comes with replies that nest deeper than hiredis reads")
    func tooDeep() throws {
        let connection = try connect()
        let error = #expect(throws: RedisError.self) {
            try connection.command("EVAL", "return {{{{{{{{{{1}}}}}}}}}}", "0")
        }
        #expect(error?.code == .protocolViolation)
        #expect(error?.message.contains("depth") == true)
        #expect(!connection.isUsable)
    }

    @Test("comes when the server is killed; a new connection works after the restart", arguments: busyPolls)
    func serverKilled(busyPoll: Duration) throws {
        let connection = try connect(busyPoll: busyPoll)
        server.kill()
        let error = #expect(throws: RedisError.self) { try connection.command("PING") }
        #expect(error?.code == .connectionClosed)
        #expect(!connection.isUsable)
        #expect(
            throws: RedisError(code: .connectionRefused, message: "cannot connect to \(server.url): Connection refused")
        ) { try connect() }
        try server.restart()
        #expect(try connect().command("PING").text == "PONG")
    }

    @Test("comes when the server shuts down in the middle of a pipeline", arguments: busyPolls)
    func serverEndsAmidPipeline(busyPoll: Duration) throws {
        let connection = try connect(busyPoll: busyPoll)
        var pipeline = RedisPipeline()
        pipeline.add("PING")
        pipeline.add("SHUTDOWN", "NOSAVE", "NOW")
        pipeline.add("PING")
        let error = #expect(throws: RedisError.self) { try connection.send(pipeline) }
        #expect(error?.code == .connectionClosed)
        #expect(!connection.isUsable)
        try server.restart()
        #expect(try connect().command("PING").text == "PONG")
    }

    @Test("comes with close(), which may be called twice")
    func close() throws {
        let connection = try connect()
        connection.close()
        connection.close()
        #expect(!connection.isUsable)
    }
}
