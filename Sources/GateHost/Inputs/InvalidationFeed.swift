import GateAPI
import Redis

/// Tells which records have changed: Redis names changed keys on a connection of its own (client-side caching, broadcast by prefix and redirected, as RESP2
/// has it).
///
/// ``fence()`` makes it exact. The server queues the names of what a command changed before it answers anything that it executes later; so once a PING sent on
/// this connection is answered, the names of all changes that were made before the PING was sent have been read. Who has read an entry and then fenced knows
/// of every change that the server made before it delivered the entry.
final class InvalidationFeed {
    enum Changes {
        case keys([String])
        /// The server was flushed, or nothing is known.
        case everything
    }

    private let connection: RedisConnection
    private var ping = RedisPipeline()
    private static let channel = "__redis__:invalidate"
    /// Redis answers a PING at once; whoever waits longer for it had better read the records themselves.
    static let patience: Duration = .milliseconds(500)

    /// - Parameter commands: the connection on which the records are read.
    init(records: [any StateRecord.Type], commands: RedisConnection, connect: Surroundings.Connect) throws(RedisError) {
        connection = try connect(commands.server)
        // Through a proxy, or in the middle of a failover, the two connections may lead to different servers.
        guard let server = try Self.server(connection), server == (try Self.server(commands)) else {
            throw RedisError(code: .replyUnexpected, message: "the connection for invalidations leads to another server")
        }
        guard let identifier = try connection.command("CLIENT", "ID").integer else {
            throw RedisError(code: .replyUnexpected, message: "CLIENT ID did not answer with a number")
        }
        _ = try connection.command("SUBSCRIBE", Self.channel)
        var tracking = RedisPipeline()
        // Off first: a second feed on the same connection would find its prefixes taken by the first.
        tracking.add("CLIENT", "TRACKING", "OFF")
        tracking.add(["CLIENT", "TRACKING", "ON", "REDIRECT", String(identifier), "BCAST"] + Self.prefixes(of: records).flatMap { ["PREFIX", $0] })
        if let error = try commands.send(tracking).last?.error { throw RedisError(error) }
        ping.add("PING")
    }

    /// How long a wait for the answer stays awake.
    var busyPoll: Duration {
        get { connection.busyPoll }
        set { connection.busyPoll = newValue }
    }

    /// Sends the question that ``changes()`` reads the answer to.
    func fence() throws(RedisError) {
        try connection.post(ping)
    }

    /// What changed up to the fence.
    func changes() throws(RedisError) -> Changes {
        var names: [String] = []
        var isFlushed = false
        while true {
            guard let reply = try connection.receive(1, within: Self.patience).first else {
                throw RedisError(code: .replyUnexpected, message: "no answer to PING")
            }
            if let error = reply.error { throw RedisError(error) }
            guard reply.element(0)?.text == "message" else { return isFlushed ? .everything : .keys(names) }
            // A null instead of names: the server was flushed.
            guard let keys = reply.element(2), keys.kind == .array else {
                isFlushed = true
                continue
            }
            for key in keys.elements { if let name = key.text { names.append(name) } }
        }
    }

    func close() {
        connection.close()
    }

    private static func server(_ connection: RedisConnection) throws(RedisError) -> Substring? {
        try connection.command("INFO", "server").text?.split(separator: "\r\n").first { $0.hasPrefix("run_id:") }
    }

    /// What the records' keys begin with; none is the beginning of another, which Redis refuses.
    static func prefixes(of records: [any StateRecord.Type]) -> [String] {
        var all: Set<String> = []
        for record in records where !(record is any ReservationRecord.Type) { all.formUnion(record.keys.map(\.beginning)) }
        return all.filter { prefix in !all.contains { $0 != prefix && prefix.hasPrefix($0) } }.sorted()
    }
}

extension RecordKey {
    /// What the names of such keys begin with.
    fileprivate var beginning: String {
        switch self {
        case .perSymbol(let prefix): prefix
        case .single(let name): name
        }
    }
}
