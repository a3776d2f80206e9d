import HostSimulation
import Redis
import Testing
import TestSupport

/// A real server and the model, asked the same.
final class ServerPair {
    private let redis: RedisFixture
    private(set) var model = ModelServer(time: 0)
    /// To the real server, then to the model.
    private(set) var connections: [RedisConnection] = []

    init() throws {
        redis = try RedisFixture()
    }

    /// Both empty.
    func begin() throws {
        try redis.command("FLUSHALL")
        model = ModelServer(time: Int64(try now()))
        let configuration = try RedisConfiguration(url: redis.server.url)
        connections = [redis.connection, try RedisConnection(configuration, over: DirectLink(model, client: 1))]
    }

    private func now() throws -> Int {
        let parts = try redis.command("TIME").elements.compactMap { $0.text.flatMap { Int($0) } }
        return parts[0] * 1_000 + parts[1] / 1_000
    }

    func each<Result>(_ body: (RedisConnection) throws -> Result) throws -> [Result] {
        model.advance(to: Int64(try now()))
        return try connections.map(body)
    }

    /// - Parameter position: of a number that tells the time, in each element of the reply.
    func both(idlesAt position: Int? = nil, _ command: String...) throws {
        let replies = try each { Canonical.text(try $0.send(command), without: position) }
        #expect(replies[0] == replies[1], "\(command)")
    }

    /// The entry that reserved last.
    func newest(_ key: String) -> String {
        model.contents.first { $0.name == key }?.value.first { $0[0] == "last" }?[1] ?? ""
    }

    /// All keys, their values, and until when they live, to within seconds.
    func compare(_ what: String) throws {
        model.advance(to: Int64(try now()))
        let names = try redis.command("KEYS", "*").elements.compactMap(\.text).sorted()
        let contents = model.contents
        #expect(contents.map(\.name) == names, "\(what)")
        for key in contents {
            #expect(try value(key.name) == key.value.sorted { $0.lexicographicallyPrecedes($1) }, "\(what): \(key.name)")
            let lifetime = try redis.command("PTTL", key.name).integer ?? 0
            let expected = key.expiresAt.map { Int($0 - model.time) } ?? -1
            #expect(abs(lifetime - expected) < 5_000, "\(what): \(key.name) lives for \(lifetime) ms, not \(expected)")
        }
    }

    private func value(_ name: String) throws -> [[String]] {
        let value: [[String]] =
            switch try redis.command("TYPE", name).text {
            case "string": [[try redis.command("GET", name).text ?? ""]]
            case "hash": try redis.hash(name).map { [$0.key, $0.value] }
            default: try redis.command("XRANGE", name, "-", "+").elements.map { $0.element(1)?.elements.compactMap(\.text) ?? [] }
            }
        return value.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension RedisConnection {
    func send(_ command: [String]) throws -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(command)
        return try #require(try send(pipeline).first)
    }
}

/// Replies as text, to compare and to read.
enum Canonical {
    static func text(_ reply: RedisReply, without position: Int? = nil) -> String {
        switch reply.kind {
        case .array:
            "["
                + reply.elements.map { element in
                    guard let position, element.kind == .array else { return text(element) }
                    return "[" + element.elements.enumerated().filter { $0.offset != position }.map { text($0.element) }.joined(separator: " ") + "]"
                }.joined(separator: " ") + "]"
        // What an error says besides is for people.
        case .error: "error \(reply.error?.prefix ?? "")"
        case .integer: "\(reply.integer ?? 0)"
        case .null: "null"
        case .string, .status: "'\(reply.text ?? "")'"
        }
    }
}
