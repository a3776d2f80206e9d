import EmbeddedRedis
@testable import Redis
import Testing
import TestSupport

@Suite("A reply")
final class RedisReplyTests {
    let server: EmbeddedRedisServer

    init() throws {
        server = try EmbeddedRedisServer()
    }

    deinit {
        server.stop()
    }

    private func connect() throws -> RedisConnection { try server.connect() }

    @Test("holds nested arrays as elements within elements")
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

    @Test("holds every kind of element, including empty arrays and nulls")
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

    @Test("stays unchanged after further commands and after close")
    func repliesAreValues() throws {
        let connection = try connect()
        let first = try connection.command("ECHO", "first")
        _ = try connection.command("ECHO", "second")
        connection.close()
        #expect(first.text == "first")
    }

    @Test("has its memory reused only once it is released")
    func reuse() throws {
        let connection = try connect()
        var generator = SeededGenerator(seed: 5)
        weak let dropped = try connection.command("PING").tape
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
}
