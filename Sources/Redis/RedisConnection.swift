import CHiredis
import Glibc

/// One blocking connection. hiredis connects and parses; bytes are moved here, so that a whole exchange has one deadline and replies are read
/// while commands are still being written: neither side can block the other, however large the pipeline.
///
/// Owned by one thread. After an error with `isConnectionLost` it is closed: make a new one.
package final class RedisConnection {
    /// What one exchange may answer at most; a bound on memory, far above any batch.
    package static let maximumReplyBytes = 256 << 20
    /// hiredis moves what is left of a chunk once per KiB that it has parsed, so larger chunks cost more than the reads they spare.
    static let chunkBytes = 16 << 10

    let configuration: RedisConfiguration
    /// Lower in tests only.
    var replyLimit = RedisConnection.maximumReplyBytes
    /// nil once closed. Safe: made, used and freed by this object alone, which one thread owns.
    var context: UnsafeMutablePointer<redisContext>?
    /// Safe: the reader's callbacks get this pointer, and run only within `drain`, on the owner's thread; it is freed after the context, in `deinit`.
    let builder: UnsafeMutablePointer<ReplyTapeBuilder>
    /// Safe: only `receive` uses it, for the time of a call; freed in `deinit`.
    let chunk: UnsafeMutableRawBufferPointer

    /// Connects, authenticates, selects the database, and hears the server answer.
    package init(_ configuration: RedisConfiguration) throws(RedisError) {
        let context = try Self.connect(configuration)
        self.configuration = configuration
        self.context = context
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
        guard let context else { return }
        redisFree(context)
        self.context = nil
    }

    /// Sends all commands and reads all their replies. An error reply is a value among them.
    ///
    /// Throws only if the connection is lost; then nothing is known of the commands.
    /// - Parameter extraTimeout: added to `commandTimeout`, for commands that wait on the server, such as `XREADGROUP … BLOCK`.
    package func send(_ pipeline: RedisPipeline, extraTimeout: Duration = .zero) throws(RedisError) -> RedisReplies {
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

    func send(_ pipeline: RedisPipeline, within timeout: Duration) throws(RedisError) -> RedisReplies {
        guard context != nil else { throw RedisError(code: .connectionClosed, message: "the connection to Redis is closed") }
        guard pipeline.count > 0 else { return .none }
        builder.pointee.prepare(for: pipeline.count)
        let deadline = ContinuousClock.now + timeout
        try pipeline.withBytes { (bytes) throws(RedisError) in
            try exchange(bytes, forReplies: pipeline.count, until: deadline)
        }
        return builder.pointee.finish()
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

extension Duration {
    /// Kept between nothing and a day, so that adding it to an instant or turning it into a `timeval` cannot overflow.
    static func bounded(_ duration: Duration) -> Duration {
        min(max(duration, .zero), .seconds(86_400))
    }
}
