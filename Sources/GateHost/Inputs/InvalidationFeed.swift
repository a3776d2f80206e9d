import GateAPI
import Redis

/// Tells which records have changed: Redis names changed keys on a connection of its own (client-side caching,
/// redirected, as RESP2 has it). It names a key once, and again only after it has been read again.
///
/// A *fence* makes it exact. The server queues the name of a key for this connection as soon as the key changes, and a
/// number published here just as soon. So once the number that was published behind a read of entries has come, the
/// names of all changes that were made before the entries were delivered have come.
final class InvalidationFeed {
    enum Changes {
        case keys([String])
        /// The server was flushed, or nothing is known.
        case everything
    }

    private let connection: RedisConnection
    private let channel: String
    /// The last number that was asked for, and the last that has come.
    private var asked = 0
    private var passed = 0
    private static let invalidations = "__redis__:invalidate"
    private static let channelPrefix = "quantum:governor:fence:"
    /// Redis publishes at once; whoever waits longer for it had better read the records themselves.
    static let patience: Duration = .milliseconds(500)

    /// - Parameter commands: the connection on which the records are read.
    init(commands: RedisConnection, connect: Surroundings.Connect) throws(RedisError) {
        connection = try connect(commands.server)
        // Through a proxy, or in the middle of a failover, the two connections may lead to different servers.
        guard let server = try Self.server(connection), server == (try Self.server(commands)) else {
            throw RedisError(
                code: .replyUnexpected, message: "the connection for invalidations leads to another server")
        }
        guard let identifier = try connection.command("CLIENT", "ID").integer else {
            throw RedisError(code: .replyUnexpected, message: "CLIENT ID did not answer with a number")
        }
        channel = Self.channelPrefix + String(identifier)
        _ = try connection.command("SUBSCRIBE", Self.invalidations)
        _ = try connection.command("SUBSCRIBE", channel)
        var setUp = RedisPipeline()
        // Off first: a second feed on the same connection redirects to another client.
        setUp.add("CLIENT", "TRACKING", "OFF")
        setUp.add("CLIENT", "TRACKING", "ON", "REDIRECT", String(identifier), "OPTIN")
        encodeFence(into: &setUp)
        for reply in try commands.send(setUp) { if let error = reply.error { throw RedisError(error) } }
    }

    /// How long a wait for changes stays awake.
    var busyPoll: Duration {
        get { connection.busyPoll }
        set { connection.busyPoll = newValue }
    }

    /// Adds the command that publishes the next number, and says which it is. Redis answers how many have got it: this
    /// connection, or nobody.
    @discardableResult
    func encodeFence(into pipeline: inout RedisPipeline) -> Int {
        asked += 1
        pipeline.begin()
        pipeline.argument("PUBLISH" as StaticString)
        pipeline.argument(channel)
        pipeline.argument(asked)
        pipeline.end()
        return asked
    }

    /// What has changed since the last time, up to a fence.
    func changes(upTo fence: Int) throws(RedisError) -> Changes {
        var names: [String] = []
        var isFlushed = false
        while passed < fence {
            guard let reply = try connection.receive(1, within: Self.patience).first else {
                throw RedisError(code: .replyUnexpected, message: "no word of invalidations")
            }
            if let error = reply.error { throw RedisError(error) }
            guard let content = reply.element(2) else {
                throw RedisError(code: .replyUnexpected, message: "invalidations are told in messages of three parts")
            }
            switch content.kind {
            case .array: for key in content.elements { if let name = key.text { names.append(name) } }
            case .string:
                guard reply.element(1)?.text == channel, let number = content.text.flatMap({ Int($0) }) else {
                    continue
                }
                passed = number
            // A null instead of names: the server was flushed.
            default: isFlushed = true
            }
        }
        return isFlushed ? .everything : .keys(names)
    }

    func close() {
        connection.close()
    }

    private static func server(_ connection: RedisConnection) throws(RedisError) -> Substring? {
        try connection.command("INFO", "server").text?.split(separator: "\r\n").first { $0.hasPrefix("run_id:") }
    }
}
