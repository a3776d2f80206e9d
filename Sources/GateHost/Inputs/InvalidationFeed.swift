import GateAPI
import Redis

/// Reports which records have changed. Redis sends the names of changed keys to a connection of its own (client-side
/// caching with redirection, as RESP2 has it). It sends a name once, and again only after the key was read again.
///
/// A *fence* makes the reports complete. It is a number that the host publishes behind a read of entries. Redis queues
/// the name of a key for this connection when the key changes, and a published number likewise. So once the fence has
/// come, the names of all keys that changed before the entries were delivered have come.
final class InvalidationFeed {
    enum Changes {
        case keys([String])
        /// The server was flushed, or nothing is known.
        case everything
    }

    private let connection: RedisConnection
    private let channel: String
    /// The last fence that was published, and the last that has come back.
    private var asked = 0
    private var passed = 0
    private static let invalidations = "__redis__:invalidate"
    private static let channelPrefix = "quantum:governor:fence:"
    /// Redis publishes at once. After a longer wait it is cheaper to read the records without the feed.
    static let patience: Duration = .milliseconds(500)

    /// - Parameters:
    ///   - commands: the connection on which the records are read.
    ///   - prefixes: reports every change of the keys that begin so; with none, the changes of what was read on `commands`
    ///     after a `CLIENT CACHING YES`.
    init(
        commands: RedisConnection, prefixes: [String] = [], connect: HostRuntime.Connect
    ) throws(RedisError) {
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
        // Off first: a second feed on the same connection must redirect to another client.
        setUp.add("CLIENT", "TRACKING", "OFF")
        let mode = prefixes.isEmpty ? ["OPTIN"] : ["BCAST"] + prefixes.flatMap { ["PREFIX", $0] }
        setUp.add(["CLIENT", "TRACKING", "ON", "REDIRECT", String(identifier)] + mode)
        encodeFence(into: &setUp)
        for reply in try commands.send(setUp) { if let error = reply.error { throw RedisError(error) } }
    }

    /// The time for which a wait for changes polls instead of sleeping.
    var busyPoll: Duration {
        get { connection.busyPoll }
        set { connection.busyPoll = newValue }
    }

    /// Adds the command that publishes the next fence, and returns its number. Redis answers with the number of
    /// subscribers that got it.
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

    /// The changes since the last call, up to a fence.
    func changes(upTo fence: Int) throws(RedisError) -> Changes {
        var names: [String] = []
        var isFlushed = false
        while passed < fence {
            guard let reply = try connection.receive(1, within: Self.patience).first else {
                throw RedisError(code: .replyUnexpected, message: "the connection for invalidations says nothing")
            }
            if let error = reply.error { throw RedisError(error) }
            guard let content = reply.element(2) else {
                throw RedisError(code: .replyUnexpected, message: "an invalidation message does not have three parts")
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
