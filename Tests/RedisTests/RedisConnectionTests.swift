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

    private func connect(commandTimeout: Duration = .seconds(10), busyPoll: Duration = .zero) throws -> RedisConnection
    {
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = commandTimeout
        let connection = try RedisConnection(configuration)
        connection.busyPoll = busyPoll
        return connection
    }

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

    @Test("returns nested arrays as elements within elements")
    func streamEntries() throws {
        let connection = try connect()
        _ = try connection.command("XADD", "s", "1-1", "a", "1", "b", "2")
        _ = try connection.command("XADD", "s", "1-2", "c", "3")
        let entries = try connection.command("XRANGE", "s", "-", "+")
        #expect(entries.kind == .array)
        #expect(entries.count == 2)
        let flat = entries.elements.map { entry in
            [entry.element(0)?.text ?? ""] + (entry.element(1)?.elements.map { $0.text ?? "" } ?? [])
        }
        #expect(flat == [["1-1", "a", "1", "b", "2"], ["1-2", "c", "3"]])
        #expect(entries.element(2) == nil && entries.element(-1) == nil)
    }

    @Test("reads every kind of element, including empty arrays and nulls")
    func elementKinds() throws {
        let connection = try connect()
        let reply = try connection.command(
            "EVAL", "return {{}, {1, {2, {'x', false}}}, -9, redis.status_reply('S'), redis.error_reply('E e'), {{}}}",
            "0")
        let elements = Array(reply.elements)
        #expect(elements.map(\.kind) == [.array, .array, .integer, .status, .error, .array])
        #expect(elements[0].count == 0 && elements[0].elements.isEmpty)
        #expect(elements[1].element(0)?.integer == 1)
        #expect(elements[1].element(1)?.element(1)?.elements.map(\.kind) == [.string, .null])
        #expect(elements[1].element(1)?.element(1)?.element(1)?.isNull == true)
        #expect(elements[2].integer == -9)
        #expect(elements[2].text == nil && elements[2].elements.isEmpty)
        #expect(elements[3].text == "S")
        #expect(elements[4].error?.prefix == "E")
        #expect(elements[5].count == 1)
        #expect(reply.elements.count == 6)
    }

    @Test("keeps earlier replies unchanged, even after close")
    func repliesAreValues() throws {
        let connection = try connect()
        let first = try connection.command("ECHO", "first")
        _ = try connection.command("ECHO", "second")
        connection.close()
        #expect(first.text == "first")
    }

    @Test("reuses the memory of released replies only")
    func reuse() throws {
        let connection = try connect()
        var generator = SeededGenerator(seed: 5)
        weak var dropped = try connection.command("PING").tape
        #expect(dropped != nil)
        #expect(try connection.command("PING").tape === dropped)
        var kept: [(reply: RedisReply, element: RedisReply, buffer: [UInt8], text: String)] = []
        for number in 0..<5_000 {
            let text = String(repeating: "\(number) ", count: Int.random(in: 1...40, using: &generator))
            let reply = try connection.command("EVAL", "return {ARGV[1], {1, 2}}", "0", text)
            let element = try #require(reply.element(0))
            kept.append((reply, element, reply.buffer, text))
            if kept.count > Int.random(in: 0...4, using: &generator) {
                kept.remove(at: Int.random(in: kept.indices, using: &generator))
            }
            for item in kept {
                #expect(item.element.text == item.text)
                #expect(item.reply.element(1)?.elements.map(\.integer) == [1, 2])
                #expect(item.element.byteRange.map { Array(item.buffer[$0]) } == Array(item.text.utf8))
            }
        }
    }

    /// No polling, a short poll, and one longer than the test.
    private static let busyPolls: [Duration] = [.zero, .milliseconds(1), .seconds(60)]

    @Test("returns null for a blocking read that timed out on the server", arguments: busyPolls)
    func blockingReadInVain(busyPoll: Duration) throws {
        let connection = try connect(commandTimeout: .milliseconds(200), busyPoll: busyPoll)
        _ = try connection.command("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM")
        var pipeline = RedisPipeline()
        pipeline.add("XREADGROUP", "GROUP", "g", "c", "BLOCK", "400", "STREAMS", "s", ">")
        let replies = try connection.send(pipeline, extraTimeout: .seconds(10))
        #expect(replies.first?.isNull == true)
        #expect(replies.first?.elements.isEmpty == true)
    }

    @Test("is closed by a timeout, at the configured time", arguments: busyPolls)
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

    @Test("is closed by replies that nest deeper than hiredis reads")
    func tooDeep() throws {
        let connection = try connect()
        let error = #expect(throws: RedisError.self) {
            try connection.command("EVAL", "return {{{{{{{{{{1}}}}}}}}}}", "0")
        }
        #expect(error?.code == .protocolViolation)
        #expect(error?.message.contains("depth") == true)
        #expect(!connection.isUsable)
    }

    @Test("is closed when the server is killed; a new connection works after the restart", arguments: busyPolls)
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

    @Test("is closed when the server shuts down in the middle of a pipeline", arguments: busyPolls)
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

    @Test("can be closed twice")
    func close() throws {
        let connection = try connect()
        connection.close()
        connection.close()
        #expect(!connection.isUsable)
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
