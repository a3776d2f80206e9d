import CHiredis
import Glibc

extension RedisConnection {
    /// A connected context whose socket does not block and is not inherited by child processes.
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
            master.address = try MasterDiscovery(sentinel, connectTimeout: configuration.connectTimeout).look().master
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
        case .unix: growBuffer(context)
        case .tcp: noticeSilence(context, within: configuration.commandTimeout)
        case .sentinel: break
        }
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
        return context
    }

    /// A unix socket takes half of what a full batch's commit has; TCP makes room by itself.
    private static func growBuffer(_ context: UnsafeMutablePointer<redisContext>) {
        var size: Int32 = 1 << 20
        setsockopt(context.pointee.fd, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Lets the kernel notice a peer that has vanished, also while nobody waits for it. Failing to is no reason not to
    /// connect: every exchange has its deadline. hiredis has set TCP_NODELAY.
    private static func noticeSilence(_ context: UnsafeMutablePointer<redisContext>, within timeout: Duration) {
        redisEnableKeepAlive(context)
        // A connection given up after its deadline may have left a commit in the kernel, which would deliver it
        // whenever the network heals.
        let bound = max(.bounded(timeout), shortestSilence)
        var milliseconds = UInt32(clamping: Int64(bound / .milliseconds(1)))
        setsockopt(
            context.pointee.fd, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds,
            socklen_t(MemoryLayout<UInt32>.size))
    }

    /// One lost packet alone takes a few hundred milliseconds to be sent again.
    private static let shortestSilence: Duration = .seconds(1)

    private static func connectCode(_ cause: Int32) -> RedisError.Code {
        switch cause {
        // A missing socket file is what a stopped server looks like.
        case ECONNREFUSED, ENOENT: .connectionRefused
        case ETIMEDOUT: .timeout
        default: .connectFailed
        }
    }

    /// The server that this connection goes to. Of several connections that belong together, the others are made to
    /// this one's: asked again, sentinels may name another master.
    package var server: RedisConfiguration {
        var server = configuration
        if case .sentinel = configuration.address, let context, let host = context.pointee.tcp.host {
            server.address = .tcp(host: String(cString: host), port: Int(context.pointee.tcp.port))
        }
        return server
    }

    /// AUTH, SELECT and PING in one round trip. PING makes a server that wants a password, loads, or is full say so now
    /// and not amid the work.
    ///
    /// A master that sentinels named is also asked for its ROLE: they may name one that has become a replica already.
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
                throw lost(
                    .authenticationFailed,
                    "Redis at \(server.redactedURL) refused the login: \(error.withoutSecret(configuration.password))")
            }
            switch error.prefix {
            case "NOAUTH":
                throw lost(.authenticationFailed, "Redis at \(server.redactedURL) wants a login: \(error)")
            // Only PING was refused (to this user, or because writes are): that is an answer, and commands will say
            // what they may do.
            case "NOPERM", "MISCONF", "MASTERDOWN":
                if index == ping { continue }
                fallthrough
            default:
                throw lost(.server(error), "Redis at \(server.redactedURL) refuses the connection: \(error)")
            }
        }
    }

    private func checkRole(_ reply: RedisReply) throws(RedisError) {
        if let error = reply.error {
            throw lost(
                .server(error),
                "Redis at \(server.redactedURL) does not tell its role, without which nothing is written: \(error)")
        }
        let role = reply.element(0)?.text ?? "nothing"
        guard role == "master" else {
            throw lost(
                .connectFailed,
                "Redis at \(server.redactedURL) is not the master that the sentinels call it: its role is \(role)")
        }
    }
}

extension RedisServerError {
    /// Old servers and proxies that do not know AUTH quote its arguments.
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

/// The text in one of hiredis' fixed, NUL-terminated buffers.
func text<Buffer>(_ buffer: Buffer) -> String {
    withUnsafeBytes(of: buffer) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
