import GateAPI
import HostSimulation
import Redis
import Testing
import TestSupport

/// Sends each command to a real server and to the model.
final class ServerPair {
    private let redis: RedisFixture
    private(set) var model = ModelServer(time: 0)
    /// Two connections for each client: to the real server and to the model.
    private(set) var clients: [[RedisConnection]] = []
    var connections: [RedisConnection] { clients[0] }

    /// Disables active expiry, so that the real server too removes an expired key only when a command looks at it.
    init() throws {
        redis = try RedisFixture(extraArguments: ["--enable-debug-command", "yes"])
        try redis.command("DEBUG", "SET-ACTIVE-EXPIRE", "0")
    }

    /// Empties both and connects the clients.
    func begin(clients count: Int = 1) throws {
        try redis.command("FLUSHALL")
        model = ModelServer(time: Int64(try now()))
        var configuration = try RedisConfiguration(url: redis.server.url)
        configuration.commandTimeout = .seconds(30)
        clients = try (1...count).map { number in
            [
                try RedisConnection(configuration),
                try RedisConnection(configuration, over: DirectLink(model, client: number)),
            ]
        }
    }

    private func now() throws -> Int {
        let parts = try redis.command("TIME").elements.compactMap { $0.text.flatMap { Int($0) } }
        return parts[0] * 1_000 + parts[1] / 1_000
    }

    func each<Result>(of client: Int = 0, _ body: (RedisConnection) throws -> Result) throws -> [Result] {
        model.advance(to: Int64(try now()))
        return try clients[client].map(body)
    }

    /// - Parameter position: the index of an idle time in each element of the reply, which is not compared.
    func both(idlesAt position: Int? = nil, _ command: String...) throws {
        try both(client: 0, idlesAt: position, command)
    }

    /// Returns the reply that both gave.
    @discardableResult
    func both(client: Int, idlesAt position: Int? = nil, _ command: [String]) throws -> RedisReply {
        let replies = try each(of: client) { try $0.send(command) }
        #expect(
            Canonical.text(replies[0], without: position) == Canonical.text(replies[1], without: position),
            "client \(client): \(command)")
        return replies[0]
    }

    /// The value of a string key.
    func text(_ key: String) -> String? { model.contents.first { $0.name == key }?.value.first?.first }

    /// The id of the entry that reserved last.
    func newest(_ key: String) -> String {
        model.contents.first { $0.name == key }?.value.first { $0[0] == "last" }?[1] ?? ""
    }

    /// Compares all keys, their values, and their times of expiry to within seconds.
    func compare(_ what: String) throws {
        model.advance(to: Int64(try now()))
        let names = try redis.command("KEYS", "*").elements.compactMap(\.text).sorted()
        let contents = model.contents
        #expect(contents.map(\.name) == names, "\(what)")
        for key in contents {
            #expect(
                try value(key.name) == key.value.sorted { $0.lexicographicallyPrecedes($1) }, "\(what): \(key.name)")
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
            default:
                try redis.command("XRANGE", name, "-", "+").elements.map {
                    $0.element(1)?.elements.compactMap(\.text) ?? []
                }
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

/// Replies as text, to compare and to print.
enum Canonical {
    /// Whether the text is a stream id that the server made from its clock.
    private static func isTimely(_ reply: RedisReply) -> Bool {
        reply.text.flatMap { EntryID($0) }.map { $0.milliseconds > 1_000_000_000_000 } ?? false
    }

    static func text(_ reply: RedisReply, without position: Int? = nil) -> String {
        switch reply.kind {
        case .array:
            "["
                + reply.elements.map { element in
                    guard let position, element.kind == .array else { return text(element) }
                    return "["
                        + element.elements.enumerated().filter { $0.offset != position }.map { text($0.element) }
                        .joined(separator: " ") + "]"
                }.joined(separator: " ") + "]"
        // The text behind an error's prefix differs between versions.
        case .error: "error \(reply.error?.prefix ?? "")"
        // Large numbers are lifetimes; they are compared to within ten seconds.
        case .integer: "\(reply.integer.map { $0 < 100_000 ? $0 : ($0 + 5_000) / 10_000 } ?? 0)"
        case .null: "null"
        case .string, .status: "'\(isTimely(reply) ? "an id" : reply.text ?? "")'"
        }
    }
}
