import CHiredis
import Glibc

/// One blocking connection. hiredis connects and parses; bytes are moved here, so that a whole exchange has one
/// deadline and replies are read while commands are still being written: neither side can block the other, however
/// large the pipeline.
///
/// Owned by one thread. After an error with `isConnectionLost` it is closed: make a new one.
package final class RedisConnection {
    /// What one exchange may answer at most; a bound on memory, far above any batch.
    package static let maximumReplyBytes = 256 << 20
    /// hiredis moves what is left of a chunk once per KiB that it has parsed, so larger chunks cost more than the reads
    /// they spare.
    static let chunkBytes = 16 << 10

    let configuration: RedisConfiguration
    /// Lower in tests only.
    var replyLimit = RedisConnection.maximumReplyBytes
    /// How long a wait for a reply stays awake before it sleeps: what comes within this time is had sooner by what
    /// waking up takes. It costs processor time.
    package var busyPoll: Duration = .zero
    /// Replies that are still to come to what was posted.
    private var awaited = 0
    /// What was posted and the socket has not taken yet.
    var unsent: [UInt8] = []
    /// nil once closed. Safe: made, used and freed by this object alone, which one thread owns.
    var context: UnsafeMutablePointer<redisContext>?
    /// nil where bytes go through the context's socket.
    private(set) var transport: (any RedisTransport)?
    /// nil where no sentinels named the server, and once closed.
    private var watch: MasterWatch?
    /// Safe: the reader's callbacks get this pointer, and run only within `drain`, on the owner's thread; it is freed
    /// after the context, in `deinit`.
    let builder: UnsafeMutablePointer<ReplyTapeBuilder>
    /// Safe: only `receive` uses it, for the time of a call; freed in `deinit`.
    let chunk: UnsafeMutableRawBufferPointer

    /// Connects, authenticates, selects the database, and hears the server answer.
    package convenience init(_ configuration: RedisConfiguration) throws(RedisError) {
        let watch = try MasterWatch(configuration)
        try self.init(configuration, watch, try Self.connect(watch?.server ?? configuration), nil)
    }

    /// The same without a socket.
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
        awaited = 0
    }

    /// Sends all commands and reads all their replies. An error reply is a value among them.
    ///
    /// Throws only if the connection is lost; then nothing is known of the commands.
    /// - Parameter extraTimeout: added to `commandTimeout`, for commands that wait on the server, such as `XREADGROUP …
    ///   BLOCK`.
    package func send(_ pipeline: borrowing RedisPipeline, extraTimeout: Duration = .zero) throws(RedisError)
        -> RedisReplies
    {
        try send(pipeline, within: .bounded(configuration.commandTimeout) + .bounded(extraTimeout))
    }

    /// Sends one command; an error reply is thrown, as `RedisError.Code.server`.
    package func command(_ arguments: String...) throws(RedisError) -> RedisReply {
        var pipeline = RedisPipeline()
        pipeline.add(arguments)
        guard let reply = try send(pipeline).first else {
            throw RedisError(code: .replyUnexpected, message: "a command needs a name")
        }
        if let error = reply.error { throw RedisError(error) }
        return reply
    }

    /// Sends commands without waiting for their replies, which ``receive(_:extraTimeout:)`` reads, in order. What the
    /// socket does not take at once goes out while replies are waited for.
    package func post(_ pipeline: borrowing RedisPipeline) throws(RedisError) {
        guard context != nil else {
            throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed")
        }
        try checkMaster()
        awaited += pipeline.count
        try pipeline.withBytes { (bytes) throws(RedisError) in
            var rest = UnsafeRawBufferPointer(bytes)
            if unsent.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(try transmit(rest))) }
            if !rest.isEmpty { unsent.append(contentsOf: rest) }
        }
    }

    /// The next `count` replies to what was posted. Push messages of a subscribed connection count as replies here.
    package func receive(_ count: Int, extraTimeout: Duration = .zero) throws(RedisError) -> RedisReplies {
        try receive(count, within: .bounded(configuration.commandTimeout) + .bounded(extraTimeout))
    }

    /// The same with a time of one's own for them to come in.
    package func receive(_ count: Int, within timeout: Duration) throws(RedisError) -> RedisReplies {
        guard context != nil else {
            throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed")
        }
        guard count > 0 else { return .none }
        builder.pointee.prepare()
        try exchange(forReplies: count, until: now + .bounded(timeout))
        awaited = max(0, awaited - count)
        return builder.pointee.finish()
    }

    func send(_ pipeline: borrowing RedisPipeline, within timeout: Duration) throws(RedisError) -> RedisReplies {
        guard context != nil else {
            throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed")
        }
        guard pipeline.count > 0 else { return .none }
        precondition(awaited == 0, "replies to what was posted must be received first")
        let deadline = now + timeout
        try post(pipeline)
        builder.pointee.prepare()
        try exchange(forReplies: pipeline.count, until: deadline)
        awaited = 0
        // Whatever is left over would be taken for the replies of the next commands.
        guard unsent.isEmpty, let reader = context?.pointee.reader, reader.pointee.pos == reader.pointee.len else {
            throw lost(.protocolViolation, "Redis answered more than it was asked")
        }
        return builder.pointee.finish()
    }

    private var now: ContinuousClock.Instant { transport?.now ?? .now }

    /// To be called before anything is sent: throws, and closes the connection, where the sentinels have another master
    /// by now.
    private func checkMaster() throws(RedisError) {
        guard let successor = watch?.successor() else { return }
        throw lost(
            .connectionClosed,
            "Redis at \(server.redactedURL) is not the master any more: the sentinels name \(successor.redactedURL)")
    }

    /// Closes the connection, since its state is unknown now, and gives the error to throw.
    func lost(_ code: RedisError.Code, _ message: String) -> RedisError {
        close()
        return RedisError(code: code, message: message, isConnectionLost: true)
    }
}

/// hiredis contexts belong to the thread that uses them.
@available(*, unavailable)
extension RedisConnection: Sendable {}
