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
    ///
    /// A hash that is not small has no order of its fields; the model keeps that of their first writing.
    init() throws {
        redis = try RedisFixture(extraArguments: [
            "--enable-debug-command", "yes", "--hash-max-listpack-value", "4096", "--hash-max-listpack-entries", "4096",
        ])
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
        let replies = try each(of: client) { try $0.send(isReal($0) ? Self.timed(command) : command) }
        #expect(
            Canonical.text(replies[0], without: position) == Canonical.text(replies[1], without: position),
            "client \(client): \(command)")
        return replies[0]
    }

    private func isReal(_ connection: RedisConnection) -> Bool { clients.contains { $0[0] === connection } }

    // MARK: The ledger's clock

    /// Sets the time that the scripts of the ledger see on both servers. The last client does it, which is in no
    /// transaction.
    func setClock(_ time: Int) throws {
        try both(client: clients.count - 1, ["HSET", "clock", "s", "\(time / 1_000)"])
        try both(client: clients.count - 1, ["HSET", "clock", "us", "\(time % 1_000 * 1_000)"])
        model.scriptTime = Int64(time)
    }

    /// A script that takes its time from the clock that ``setClock(_:)`` sets.
    /// It also goes through its tables in the order of their keys, as the model does.
    static func timed(_ script: String) -> String {
        sortedPairs + script.replacing("call('TIME')", with: "call('HMGET', 'clock', 's', 'us')")
    }

    private static let sortedPairs = """
        local function pairs(t)
          local keys, n = {}, 0
          for key in next, t do keys[#keys + 1] = key end
          table.sort(keys)
          return function() n = n + 1; return keys[n], t[keys[n]] end
        end

        """

    private static func timed(_ command: [String]) -> [String] {
        guard command[0] == "EVAL" else { return command }
        return ["EVAL", timed(command[1])] + command.dropFirst(2)
    }

    /// Loads a script into both. Returns its digest in each.
    func load(_ script: String) throws -> [String] {
        try zip(connections, [Self.timed(script), script]).map {
            try $0.command("SCRIPT", "LOAD", $1).text ?? ""
        }
    }

    /// Calls a loaded script. Returns both replies.
    func call(_ digests: [String], _ arguments: [String]) throws -> [RedisReply] {
        try zip(connections, digests).map { try $0.send(["EVALSHA", $1] + arguments) }
    }

    /// The value of a string key.
    func text(_ key: String) -> String? { model.contents.first { $0.name == key }?.value.first?.first }

    /// The names of a hash's fields.
    func fields(of key: String) -> [String] {
        model.contents.first { $0.name == key }?.value.compactMap(\.first) ?? []
    }

    /// A field of a hash; empty if there is none.
    func field(_ name: String, of key: String) -> String {
        model.contents.first { $0.name == key }?.value.first { $0[0] == name }?[1] ?? ""
    }

    /// Compares all keys, their values, and their times of expiry to within seconds.
    func compare(_ what: String) throws {
        model.advance(to: Int64(try now()))
        let names = try redis.command("KEYS", "*").elements.compactMap(\.text).sorted()
        let contents = model.contents
        #expect(contents.map(\.name) == names, "\(what)")
        for key in contents {
            let (real, expected) = (try value(key.name), key.value.sorted { $0.lexicographicallyPrecedes($1) })
            #expect(real == expected, "\(what): \(key.name) holds \(real), in the model \(expected)")
            let lifetime = try redis.command("PTTL", key.name).integer ?? 0
            let left = key.expiresAt.map { Int($0 - model.time) } ?? -1
            #expect(abs(lifetime - left) < 5_000, "\(what): \(key.name) lives for \(lifetime) ms, not \(left)")
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
