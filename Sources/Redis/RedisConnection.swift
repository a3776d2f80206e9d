import CHiredis
import Glibc

/// One blocking connection to Redis. hiredis connects and parses. This class moves the bytes, so that a whole exchange
/// has one deadline, and it reads replies while it still writes commands: a large pipeline cannot block both sides.
///
/// One thread owns it. After an error with `isConnectionLost` the connection is closed; make a new one.
package final class RedisConnection {
    /// The largest total size of the replies to one exchange: a bound on memory, far above any batch.
    package static let maximumReplyBytes = 256 << 20
    /// hiredis moves the rest of a chunk once per parsed KiB, so larger chunks cost more than the reads that they save.
    static let chunkBytes = 16 << 10

    let configuration: RedisConfiguration
    /// Tests lower it.
    var replyLimit = RedisConnection.maximumReplyBytes
    /// How long a wait for a reply polls before it sleeps. Polling saves the wake-up delay of a reply that comes within
    /// this time. It costs processor time.
    package var busyPoll: Duration = .zero
    /// Replies still due for posted commands.
    private var outstanding = 0
    /// Posted bytes that the socket has not accepted yet.
    var unsent: [UInt8] = []
    /// nil once closed. Safe: only this object makes, uses and frees it, and one thread owns this object.
    var context: UnsafeMutablePointer<redisContext>?
    /// Replaces the socket in a simulation; nil otherwise.
    private(set) var transport: (any RedisTransport)?
    /// Watches for failovers. nil if the address is fixed, and once closed.
    private var watch: MasterWatch?
    /// Safe: only the reader's callbacks dereference this pointer, within `parseReplies` on the owner's thread.
    /// `deinit` frees it after the context.
    let builder: UnsafeMutablePointer<ReplyTapeBuilder>
    /// Safe: only `receive` uses it, for the time of a call; `deinit` frees it.
    let chunk: UnsafeMutableRawBufferPointer

    /// Connects, authenticates, selects the database, and waits for the server to answer.
    package convenience init(_ configuration: RedisConfiguration) throws(RedisError) {
        let watch = try MasterWatch(configuration)
        try self.init(configuration, watch, try Self.connect(watch?.server ?? configuration), nil)
    }

    /// Runs the same protocol over `transport` instead of a socket.
    package convenience init(_ configuration: RedisConfiguration, over transport: any RedisTransport) throws(RedisError)
    {
        guard let context = redisConnectFd(-1) else { throw RedisError(code: .outOfMemory, message: "out of memory") }
        try self.init(configuration, nil, context, transport)
    }

    private init(
        _ configuration: RedisConfiguration, _ watch: MasterWatch?, _ context: UnsafeMutablePointer<redisContext>,
        _ transport: (any RedisTransport)?
    ) throws(RedisError) {
        self.configuration = configuration
        self.watch = watch
        self.context = context
        self.transport = transport
        chunk = .allocate(byteCount: Self.chunkBytes, alignment: 16)
        builder = .allocate(capacity: 1)
        builder.initialize(to: ReplyTapeBuilder())
        context.pointee.reader.pointee.fn = ReplyTapeBuilder.readerFunctions
        context.pointee.reader.pointee.privdata = UnsafeMutableRawPointer(builder)
        try greet()
    }

    deinit {
        close()
        builder.deinitialize(count: 1)
        builder.deallocate()
        chunk.deallocate()
    }

    package var isUsable: Bool { context != nil }

    package func close() {
        watch = nil
        guard let context else { return }
        redisFree(context)
        self.context = nil
        transport?.close()
        transport = nil
        unsent = []
        outstanding = 0
    }

    /// Sends all commands and reads all their replies. An error reply is returned among them as a value.
    ///
    /// Throws only if the connection is lost. The caller then does not know which commands Redis executed.
    /// - Parameter extraTimeout: added to `commandTimeout`, for commands that wait on the server, such as
    ///   `XREADGROUP … BLOCK`.
    /// - Parameter limit: the most bytes of the replies together. Larger ones close the connection.
    package func send(
        _ pipeline: borrowing RedisPipeline, extraTimeout: Duration = .zero, atMost limit: Int? = nil
    ) throws(RedisError) -> RedisReplies {
        try send(
            pipeline, within: .bounded(configuration.commandTimeout) + .bounded(extraTimeout), atMost: limit)
    }

    /// Sends one command. Throws an error reply as `RedisError.Code.server`.
    package func command(_ arguments: String...) throws(RedisError) -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        guard let reply = try send(pipeline).first else {
            throw RedisError(code: .replyUnexpected, message: "a command needs a name")
        }
        if let error = reply.error { throw RedisError(error) }
        return reply
    }

    /// Sends commands without waiting for their replies; ``receive(_:extraTimeout:)`` reads those in order. Bytes that
    /// the socket does not accept at once are sent while replies are outstanding.
    package func post(_ pipeline: borrowing RedisPipeline) throws(RedisError) {
        guard context != nil else {
            throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed")
        }
        try checkMaster()
        outstanding += pipeline.count
        try pipeline.withBytes { (bytes) throws(RedisError) in
            var rest = UnsafeRawBufferPointer(bytes)
            if unsent.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(try transmit(rest))) }
            if !rest.isEmpty { unsent.append(contentsOf: rest) }
        }
    }

    /// Reads the next `count` replies to posted commands. A push message of a subscription counts as a reply.
    ///
    /// - Parameter limit: the most bytes of these replies together. Larger ones close the connection.
    package func receive(
        _ count: Int, extraTimeout: Duration = .zero, atMost limit: Int? = nil
    ) throws(RedisError) -> RedisReplies {
        try receive(
            count, within: .bounded(configuration.commandTimeout) + .bounded(extraTimeout), atMost: limit)
    }

    /// The same with `timeout` in place of `commandTimeout`.
    package func receive(
        _ count: Int, within timeout: Duration, atMost limit: Int? = nil
    ) throws(RedisError) -> RedisReplies {
        guard context != nil else {
            throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed")
        }
        guard count > 0 else { return .none }
        builder.pointee.prepare()
        try exchange(forReplies: count, until: now + .bounded(timeout), atMost: limit ?? replyLimit)
        outstanding = max(0, outstanding - count)
        return builder.pointee.finish()
    }

    func send(
        _ pipeline: borrowing RedisPipeline, within timeout: Duration, atMost limit: Int? = nil
    ) throws(RedisError) -> RedisReplies {
        guard context != nil else {
            throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed")
        }
        guard pipeline.count > 0 else { return .none }
        precondition(outstanding == 0, "receive the replies to posted commands first")
        let deadline = now + timeout
        try post(pipeline)
        builder.pointee.prepare()
        try exchange(forReplies: pipeline.count, until: deadline, atMost: limit ?? replyLimit)
        outstanding = 0
        // Left-over bytes would be taken for the replies to the next commands.
        guard unsent.isEmpty, let reader = context?.pointee.reader, reader.pointee.pos == reader.pointee.len else {
            throw connectionLost(.protocolViolation, "Redis sent more replies than there were commands")
        }
        return builder.pointee.finish()
    }

    private var now: ContinuousClock.Instant { transport?.now ?? .now }

    /// Call before sending. Throws, and closes the connection, if the sentinels now name another master.
    private func checkMaster() throws(RedisError) {
        guard let successor = watch?.successor() else { return }
        throw connectionLost(
            .connectionClosed,
            "Redis at \(server.redactedURL) is not the master any more: the sentinels name \(successor.redactedURL)")
    }

    /// Closes the connection, whose state is now unknown, and returns the error to throw.
    func connectionLost(_ code: RedisError.Code, _ message: String) -> RedisError {
        close()
        return RedisError(code: code, message: message, isConnectionLost: true)
    }
}

/// hiredis contexts belong to the thread that uses them.
@available(*, unavailable)
extension RedisConnection: Sendable {}
