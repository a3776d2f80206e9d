import CHiredis
import Glibc

extension RedisConnection {
    /// Returns a connected context. Its socket does not block, and child processes do not inherit it.
    static func connect(_ configuration: RedisConfiguration) throws(RedisError) -> UnsafeMutablePointer<redisContext> {
        let timeout = timeval(max(.bounded(configuration.connectTimeout), .milliseconds(1)))
        let context: UnsafeMutablePointer<redisContext>?
        switch configuration.address {
        case .tcp(let host, let port):
            guard let port = Int32(exactly: port) else {
                throw RedisError(
                    code: .connectFailed, message: "cannot connect to \(configuration.redactedURL): no such port")
            }
            context = redisConnectWithTimeout(host, port, timeout)
        case .unix(let path):
            guard path.utf8.count <= RedisConfiguration.maximumSocketPathBytes else {
                throw RedisError(
                    code: .connectFailed,
                    message: "cannot connect to \(configuration.redactedURL): the path is too long for a socket")
            }
            context = redisConnectUnixWithTimeout(path, timeout)
        case .sentinel(let sentinel):
            var master = configuration
            master.address = try MasterDiscovery(sentinel, connectTimeout: configuration.connectTimeout).findMaster()
                .master
            return try connect(master)
        }
        let cause = errno
        guard let context else {
            throw RedisError(
                code: .outOfMemory, message: "cannot connect to \(configuration.redactedURL): out of memory")
        }
        guard context.pointee.err == 0 else {
            let reason = text(context.pointee.errstr)
            let code: RedisError.Code = context.pointee.err == REDIS_ERR_IO ? connectCode(cause) : .connectFailed
            redisFree(context)
            throw RedisError(code: code, message: "cannot connect to \(configuration.redactedURL): \(reason)")
        }
        switch configuration.address {
        case .unix: enlargeSendBuffer(context)
        case .tcp: detectDeadPeer(context, within: configuration.commandTimeout)
        case .sentinel: break
        }
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
        return context
    }

    /// The default buffer of a unix socket holds half the commit of a full batch. TCP buffers grow by themselves.
    private static func enlargeSendBuffer(_ context: UnsafeMutablePointer<redisContext>) {
        var size: Int32 = 1 << 20
        setsockopt(context.pointee.fd, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Lets the kernel detect a vanished peer even while no thread waits for it. A failure here is ignored: every
    /// exchange has its own deadline. hiredis has already set TCP_NODELAY.
    private static func detectDeadPeer(_ context: UnsafeMutablePointer<redisContext>, within timeout: Duration) {
        redisEnableKeepAlive(context)
        // After its deadline, an abandoned connection may leave a commit in the kernel, which would deliver it once the
        // network heals.
        let bound = max(.bounded(timeout), shortestUserTimeout)
        var milliseconds = UInt32(clamping: Int64(bound / .milliseconds(1)))
        setsockopt(
            context.pointee.fd, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds,
            socklen_t(MemoryLayout<UInt32>.size))
    }

    /// Retransmitting one lost packet takes a few hundred milliseconds.
    private static let shortestUserTimeout: Duration = .seconds(1)

    private static func connectCode(_ cause: Int32) -> RedisError.Code {
        switch cause {
        // A stopped server removes its socket file.
        case ECONNREFUSED, ENOENT: .connectionRefused
        case ETIMEDOUT: .timeout
        default: .connectFailed
        }
    }

    /// The server at the other end. Connections that must reach the same server are made to this address: asked again,
    /// the sentinels may name another master.
    package var server: RedisConfiguration {
        var server = configuration
        if case .sentinel = configuration.address, let context, let host = context.pointee.tcp.host {
            server.address = .tcp(host: String(cString: host), port: Int(context.pointee.tcp.port))
        }
        return server
    }

    /// Sends AUTH, SELECT and PING in one round trip. PING makes a server report now, rather than in the middle of
    /// work, that it requires a password, loads its data set, or is full.
    ///
    /// If sentinels named the server, the greeting also asks for its ROLE: it may already be a replica.
    func greet() throws(RedisError) {
        var greeting = RedisPipeline()
        if let password = configuration.password {
            greeting.add(["AUTH"] + (configuration.username.map { [$0] } ?? []) + [password.value])
        }
        if configuration.database != 0 { greeting.add("SELECT", String(configuration.database)) }
        let ping = greeting.count
        greeting.add("PING")
        var role: Int?
        if case .sentinel = configuration.address {
            role = greeting.count
            greeting.add("ROLE")
        }

        let replies = try send(greeting, within: .bounded(configuration.connectTimeout))
        for (index, reply) in replies.enumerated() {
            if index == role { try checkRole(reply) }
            guard let error = reply.error else { continue }
            if index == 0, configuration.password != nil, !error.isTransient {
                throw connectionLost(
                    .authenticationFailed,
                    "Redis at \(server.redactedURL) refused the login: \(error.withoutSecret(configuration.password))")
            }
            switch error.prefix {
            case "NOAUTH":
                throw connectionLost(.authenticationFailed, "Redis at \(server.redactedURL) requires a login: \(error)")
            // The user may not PING, or the server refuses writes. The server answers, so the connection is usable;
            // each command will report its own refusal.
            case "NOPERM", "MISCONF", "MASTERDOWN":
                if index == ping { continue }
                fallthrough
            default:
                throw connectionLost(.server(error), "Redis at \(server.redactedURL) refused the connection: \(error)")
            }
        }
    }

    private func checkRole(_ reply: RedisReply) throws(RedisError) {
        if let error = reply.error {
            throw connectionLost(
                .server(error),
                "Redis at \(server.redactedURL) refused to tell its role, so it is not used: \(error)")
        }
        let role = reply.element(0)?.text ?? "nothing"
        guard role == "master" else {
            throw connectionLost(
                .connectFailed,
                "Redis at \(server.redactedURL) is not a master, although a sentinel named it: its role is \(role)")
        }
    }
}

extension RedisServerError {
    /// Servers and proxies that do not know AUTH quote its arguments.
    func withoutSecret(_ secret: Secret?) -> String {
        guard let secret, !secret.value.isEmpty, message.contains(secret.value) else { return message }
        return "an error that quotes the password"
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}

/// Reads one of hiredis' fixed, NUL-terminated buffers.
func text<Buffer>(_ buffer: Buffer) -> String {
    withUnsafeBytes(of: buffer) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
