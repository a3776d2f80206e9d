import CHiredis
import Glibc

extension RedisConnection {
    /// Reads replies onto the tape and writes unsent bytes, both as the socket allows, until all replies are complete
    /// or the deadline passes.
    ///
    /// - Parameter limit: the most bytes to read.
    func exchange(
        forReplies expected: Int, until deadline: ContinuousClock.Instant, atMost limit: Int
    ) throws(RedisError) {
        if let transport { return try exchange(over: transport, forReplies: expected, until: deadline) }
        // An earlier read may have brought replies that were not due then.
        var missing = expected - (try parseReplies(upTo: expected))
        var received = 0
        while missing > 0 {
            if !unsent.isEmpty { try flush() }
            // Read first the bytes that have already arrived.
            var count = unsent.isEmpty && busyPoll > .zero ? try receiveBusyPolling(until: deadline) : try receive()
            if count == 0 {
                // A blocking read would not do: on a unix socket it also wakes, for nothing, when the peer consumes
                // sent bytes.
                try waitForSocket(writable: !unsent.isEmpty, until: deadline)
                count = try receive()
            }
            while count > 0 {
                received += count
                guard received <= limit else {
                    throw connectionLost(.outOfMemory, "the replies of Redis are larger than \(limit) bytes")
                }
                missing -= try parseReplies(upTo: missing)
                // After a full chunk more bytes are available without waiting.
                guard missing > 0, count == chunk.count else { break }
                count = try receive()
            }
        }
    }

    private func exchange(
        over transport: any RedisTransport, forReplies expected: Int, until deadline: ContinuousClock.Instant
    ) throws(RedisError) {
        var missing = expected - (try parseReplies(upTo: expected))
        while missing > 0 {
            guard let count = transport.receive(into: chunk, until: deadline) else { throw timedOut() }
            guard count > 0, let reader = context?.pointee.reader else { throw serverClosed() }
            guard redisReaderFeed(reader, chunk.baseAddress, count) == REDIS_OK else { throw readerFailed(reader) }
            missing -= try parseReplies(upTo: missing)
        }
    }

    private func flush() throws(RedisError) {
        let count = try unsent.withUnsafeBufferPointer { (bytes) throws(RedisError) in
            try transmit(UnsafeRawBufferPointer(bytes))
        }
        if count == unsent.count { unsent.removeAll(keepingCapacity: true) } else { unsent.removeFirst(count) }
    }

    /// Sends as much as the socket accepts now. hiredis is not used for it: it would copy all bytes first, and its
    /// `write` raises SIGPIPE when the server is gone.
    func transmit(_ bytes: UnsafeRawBufferPointer) throws(RedisError) -> Int {
        guard let context else { throw serverClosed() }
        if let transport {
            transport.send(bytes)
            return bytes.count
        }
        let count = Glibc.send(context.pointee.fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        guard count < 0 else { return count }
        let cause = errno
        // The server has closed the connection. If it sent a refusal before, that is the better reason, so read it.
        if cause == EPIPE || cause == ECONNRESET, try receive() > 0 { _ = try parseReplies(upTo: .max) }
        return try transferFailed(cause)
    }

    private func receive() throws(RedisError) -> Int {
        guard let context else { throw serverClosed() }
        let count = recv(context.pointee.fd, chunk.baseAddress, chunk.count, Int32(MSG_DONTWAIT))
        guard count != 0 else { throw serverClosed() }
        guard count > 0 else { return try transferFailed(errno) }
        guard redisReaderFeed(context.pointee.reader, chunk.baseAddress, count) == REDIS_OK else {
            throw readerFailed(context.pointee.reader)
        }
        return count
    }

    /// Polls without sleeping for up to ``busyPoll``. Returns the number of bytes received; 0 if none came.
    private func receiveBusyPolling(until deadline: ContinuousClock.Instant) throws(RedisError) -> Int {
        let end = min(ContinuousClock.now + busyPoll, deadline)
        repeat {
            let count = try receive()
            if count > 0 { return count }
            // The server may need this core to answer.
            sched_yield()
        } while ContinuousClock.now < end
        return 0
    }

    /// Lets hiredis parse the received bytes onto the tape. Returns the number of completed replies.
    private func parseReplies(upTo limit: Int) throws(RedisError) -> Int {
        guard let reader = context?.pointee.reader else { throw serverClosed() }
        var count = 0
        while count < limit {
            var object: UnsafeMutableRawPointer?
            guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw readerFailed(reader) }
            guard object != nil else { break }
            builder.pointee.completeReply()
            count += 1
        }
        return count
    }

    /// Waits until the socket is ready. After the deadline, bytes that have already arrived still count: otherwise a
    /// pause of this process would lose replies. the limit on bytes bounds a peer that never pauses.
    private func waitForSocket(writable: Bool, until deadline: ContinuousClock.Instant) throws(RedisError) {
        guard let context else { throw serverClosed() }
        let events = writable ? POLLIN | POLLOUT : POLLIN
        var descriptor = pollfd(fd: context.pointee.fd, events: Int16(events), revents: 0)
        while true {
            let remaining = deadline - ContinuousClock.now
            // Rounded up, because a poll that ends just before the deadline only leads to another.
            let milliseconds = remaining > .zero ? Int32(clamping: Int64(remaining / .milliseconds(1)) + 1) : 0
            switch poll(&descriptor, 1, milliseconds) {
            // Hang-ups and errors count as ready: the next read returns earlier replies first, then the error.
            case 1...: return
            case 0 where milliseconds == 0: throw timedOut()
            case 0: continue
            default:
                let cause = errno
                if cause != EINTR {
                    throw connectionLost(
                        .connectionClosed, "waiting for Redis failed: \(String(cString: strerror(cause)))")
                }
            }
        }
    }

    /// Returns 0 if the transfer may be tried again; throws if the connection broke.
    private func transferFailed(_ cause: Int32) throws(RedisError) -> Int {
        if cause == EAGAIN || cause == EINTR { return 0 }
        throw connectionEnded(
            "the connection to Redis at \(server.redactedURL) broke: \(String(cString: strerror(cause)))")
    }

    private func timedOut() -> RedisError {
        connectionLost(.timeout, "Redis at \(server.redactedURL) did not answer in time")
    }

    private func serverClosed() -> RedisError {
        connectionEnded("Redis at \(server.redactedURL) closed the connection")
    }

    /// A server that refuses a client sends the reason and closes the connection, perhaps before all expected replies.
    private func connectionEnded(_ message: String) -> RedisError {
        let refusal = builder.pointee.finish().last?.error.map { $0.withoutSecret(configuration.password) }
        return connectionLost(.connectionClosed, message + (refusal.map { " after this error: \($0)" } ?? ""))
    }

    private func readerFailed(_ reader: UnsafeMutablePointer<redisReader>) -> RedisError {
        let reason = text(reader.pointee.errstr)
        let code: RedisError.Code = reader.pointee.err == REDIS_ERR_OOM ? .outOfMemory : .protocolViolation
        return connectionLost(code, "cannot read the reply of Redis at \(server.redactedURL): \(reason)")
    }
}
