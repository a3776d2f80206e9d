import CHiredis
import Glibc

extension RedisConnection {
    /// Puts replies on the tape, and what is unsent out, both as the socket allows, until all is there or the deadline
    /// has passed.
    func exchange(forReplies expected: Int, until deadline: ContinuousClock.Instant) throws(RedisError) {
        if let transport { return try exchange(over: transport, forReplies: expected, until: deadline) }
        // An earlier read may have brought more than was asked for then.
        var missing = expected - (try drain(upTo: expected))
        var received = 0
        while missing > 0 {
            if !unsent.isEmpty { try flush() }
            // What is there already is not waited for.
            var count = unsent.isEmpty && busyPoll > .zero ? try receiveAwake(until: deadline) : try receive()
            if count == 0 {
                // Not by a read that waits: on a unix socket that is woken as well when the peer has read what was
                // sent, for nothing.
                try wait(alsoToWrite: !unsent.isEmpty, until: deadline)
                count = try receive()
            }
            while count > 0 {
                received += count
                guard received <= replyLimit else {
                    throw lost(.outOfMemory, "the replies of Redis are larger than \(replyLimit) bytes")
                }
                missing -= try drain(upTo: missing)
                // A full chunk says that there is more: no need to wait for it.
                guard missing > 0, count == chunk.count else { break }
                count = try receive()
            }
        }
    }

    private func exchange(
        over transport: any RedisTransport, forReplies expected: Int, until deadline: ContinuousClock.Instant
    ) throws(RedisError) {
        var missing = expected - (try drain(upTo: expected))
        while missing > 0 {
            guard let count = transport.receive(into: chunk, until: deadline) else { throw late() }
            guard count > 0, let reader = context?.pointee.reader else { throw closed() }
            guard redisReaderFeed(reader, chunk.baseAddress, count) == REDIS_OK else { throw unreadable(reader) }
            missing -= try drain(upTo: missing)
        }
    }

    private func flush() throws(RedisError) {
        let count = try unsent.withUnsafeBufferPointer { (bytes) throws(RedisError) in
            try transmit(UnsafeRawBufferPointer(bytes))
        }
        if count == unsent.count { unsent.removeAll(keepingCapacity: true) } else { unsent.removeFirst(count) }
    }

    /// Sends what the socket takes now. Not by hiredis, which would copy it all first, and whose `write` raises SIGPIPE
    /// when the server is gone.
    func transmit(_ bytes: UnsafeRawBufferPointer) throws(RedisError) -> Int {
        guard let context else { throw closed() }
        if let transport {
            transport.send(bytes)
            return bytes.count
        }
        let count = Glibc.send(context.pointee.fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        guard count < 0 else { return count }
        let cause = errno
        // The server has hung up; a refusal that it sent before that is still to be read, and is the better reason.
        if cause == EPIPE || cause == ECONNRESET, try receive() > 0 { _ = try drain(upTo: .max) }
        return try nothing(cause)
    }

    private func receive() throws(RedisError) -> Int {
        guard let context else { throw closed() }
        let count = recv(context.pointee.fd, chunk.baseAddress, chunk.count, Int32(MSG_DONTWAIT))
        guard count != 0 else { throw closed() }
        guard count > 0 else { return try nothing(errno) }
        guard redisReaderFeed(context.pointee.reader, chunk.baseAddress, count) == REDIS_OK else {
            throw unreadable(context.pointee.reader)
        }
        return count
    }

    /// What comes within ``busyPoll``; 0 where nothing does.
    private func receiveAwake(until deadline: ContinuousClock.Instant) throws(RedisError) -> Int {
        let end = min(ContinuousClock.now + busyPoll, deadline)
        repeat {
            let count = try receive()
            if count > 0 { return count }
            // The server may be waiting for this very core.
            sched_yield()
        } while ContinuousClock.now < end
        return 0
    }

    /// Lets hiredis parse what has come, onto the tape; returns how many replies that completed.
    private func drain(upTo limit: Int) throws(RedisError) -> Int {
        guard let reader = context?.pointee.reader else { throw closed() }
        var count = 0
        while count < limit {
            var object: UnsafeMutableRawPointer?
            guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw unreadable(reader) }
            guard object != nil else { break }
            builder.pointee.completeReply()
            count += 1
        }
        return count
    }

    /// Past the deadline, what is there already is still read: after a pause of this process, replies would be lost for
    /// nothing. A peer that never pauses is bounded by `replyLimit`.
    private func wait(alsoToWrite: Bool, until deadline: ContinuousClock.Instant) throws(RedisError) {
        guard let context else { throw closed() }
        let events = alsoToWrite ? POLLIN | POLLOUT : POLLIN
        var descriptor = pollfd(fd: context.pointee.fd, events: Int16(events), revents: 0)
        while true {
            let remaining = deadline - ContinuousClock.now
            // Rounded up: a poll that ends just short of the deadline would only be followed by another.
            let milliseconds = remaining > .zero ? Int32(clamping: Int64(remaining / .milliseconds(1)) + 1) : 0
            switch poll(&descriptor, 1, milliseconds) {
            // Hang-ups and errors count as ready: reading says which it is, after the replies that came before.
            case 1...: return
            case 0 where milliseconds == 0: throw late()
            case 0: continue
            default:
                let cause = errno
                if cause != EINTR {
                    throw lost(.connectionClosed, "waiting for Redis failed: \(String(cString: strerror(cause)))")
                }
            }
        }
    }

    /// A transfer that moved nothing: not yet, or never again.
    private func nothing(_ cause: Int32) throws(RedisError) -> Int {
        if cause == EAGAIN || cause == EINTR { return 0 }
        throw ended("the connection to Redis at \(server.redactedURL) broke: \(String(cString: strerror(cause)))")
    }

    private func late() -> RedisError {
        lost(.timeout, "Redis at \(server.redactedURL) did not answer in time")
    }

    private func closed() -> RedisError {
        ended("Redis at \(server.redactedURL) closed the connection")
    }

    /// A server that refuses a client says why and hangs up, perhaps before all replies that we wait for.
    private func ended(_ what: String) -> RedisError {
        let said =
            builder.pointee.finish().last?.error.map { ", after it said: \($0.withoutSecret(configuration.password))" }
            ?? ""
        return lost(.connectionClosed, what + said)
    }

    private func unreadable(_ reader: UnsafeMutablePointer<redisReader>) -> RedisError {
        let reason = text(reader.pointee.errstr)
        let code: RedisError.Code = reader.pointee.err == REDIS_ERR_OOM ? .outOfMemory : .protocolViolation
        return lost(code, "cannot read the reply of Redis at \(server.redactedURL): \(reason)")
    }
}
