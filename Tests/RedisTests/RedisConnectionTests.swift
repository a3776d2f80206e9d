import EmbeddedRedis
@testable import Redis
import Testing
import TestSupport

@Suite("A connection")
final class RedisConnectionTests {
    let server: EmbeddedRedisServer

    init() throws {
        server = try EmbeddedRedisServer()
    }

    deinit {
        server.stop()
    }

    private func connect() throws -> RedisConnection { try server.connect() }

    @Test("answers thousands of pipelined commands in order")
    func pipelining() throws {
        let connection = try connect()
        var pipeline = RedisPipeline()
        for number in 0..<20_000 {
            pipeline.begin()
            pipeline.argument("ECHO")
            pipeline.argument(number)
            pipeline.end()
        }
        for _ in 0..<2 {
            let replies = try connection.send(pipeline)
            #expect(replies.count == 20_000)
            #expect(replies.enumerated().allSatisfy { $0.element.text == String($0.offset) })
        }
    }

    @Test(
        "carries any bytes unchanged", arguments: [[], [0], [13, 10], [36, 49, 13, 10], Array(0...255)] as [[UInt8]])
    func binarySafety(_ value: [UInt8]) throws {
        let connection = try connect()
        var pipeline = RedisPipeline()
        pipeline.begin()
        pipeline.argument("SET")
        pipeline.argument(value)
        pipeline.argument { $0.append(value) }
        pipeline.end()
        pipeline.begin()
        pipeline.argument("GET")
        pipeline.argument(value[...])
        pipeline.end()
        let replies = try connection.send(pipeline)
        #expect(replies[0].kind == .status)
        #expect(replies[0].text == "OK")
        #expect(replies[1].kind == .string)
        #expect(replies[1].bytes.map(Array.init) == value)
        #expect(replies[1].byteRange.map { Array(replies.buffer[$0]) } == value)
    }

    @Test("sends and receives large values at the same time")
    func largeValues() throws {
        let connection = try connect()
        let value = [UInt8](repeating: 7, count: 5 << 20)
        var pipeline = RedisPipeline()
        for _ in 0..<6 {
            pipeline.begin()
            pipeline.argument("ECHO")
            pipeline.argument(value)
            pipeline.end()
        }
        let replies = try connection.send(pipeline)
        #expect(replies.allSatisfy { $0.bytes == value[...] })
        #expect(connection.isUsable)
    }

    @Test("bounds the size of the replies to one exchange")
    func replyLimit() throws {
        let connection = try connect()
        _ = try connection.command("SETRANGE", "k", "1048575", "x")
        connection.replyLimit = 2 << 20
        var pipeline = RedisPipeline()
        pipeline.add("GET", "k")
        #expect(try connection.send(pipeline).first?.bytes?.count == 1 << 20)
        pipeline.add("GET", "k")
        let error = #expect(throws: RedisError.self) { try connection.send(pipeline) }
        #expect(error == RedisError(code: .outOfMemory, message: "the replies of Redis are larger than 2097152 bytes"))
        #expect(!connection.isUsable)
    }

    @Test("returns an error reply in a pipeline as a value and stays usable")
    func errorInPipeline() throws {
        let connection = try connect()
        var pipeline = RedisPipeline()
        pipeline.add("SET", "k", "v")
        pipeline.add("LPUSH", "k", "x")
        pipeline.add("GET", "k")
        let replies = try connection.send(pipeline)
        #expect(replies[1].kind == .error)
        #expect(
            replies[1].error
                == RedisServerError(message: "WRONGTYPE Operation against a key holding the wrong kind of value"))
        #expect(replies[1].text == nil)
        #expect(replies[2].text == "v")
        #expect(replies[2].error == nil)
    }

    @Test("throws the error reply to a single command, and stays usable")
    func errorOfCommand() throws {
        let connection = try connect()
        let error = #expect(throws: RedisError.self) {
            try connection.command("EVALSHA", String(repeating: "0", count: 40), "0")
        }
        #expect(error?.serverError?.prefix == "NOSCRIPT")
        #expect(error?.isConnectionLost == false)
        #expect(try connection.command("PING").text == "PONG")
    }

    @Test("sends nothing for an empty pipeline")
    func emptyPipeline() throws {
        let connection = try connect()
        #expect(try connection.send(RedisPipeline()).isEmpty)
        #expect(throws: RedisError(code: .replyUnexpected, message: "a command needs a name")) {
            try connection.command()
        }
    }

    @Test("selects the database of its URL")
    func database() throws {
        _ = try RedisConnection(RedisConfiguration(url: "\(server.url)?db=3")).command("SET", "k", "three")
        #expect(try connect().command("GET", "k").isNull)
        #expect(try RedisConnection(RedisConfiguration(url: "\(server.url)?db=3")).command("GET", "k").text == "three")
        let error = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: "\(self.server.url)?db=99"))
        }
        #expect(error?.message == "Redis at \(server.url)?db=99 refused the connection: ERR DB index is out of range")
        #expect(error?.isRetryable == false)
    }
}
