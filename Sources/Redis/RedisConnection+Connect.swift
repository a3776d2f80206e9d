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
                throw RedisError(code: .connectFailed, message: "cannot connect to \(configuration.redactedURL): no such port")
            }
            context = redisConnectWithTimeout(host, port, timeout)
        case .unix(let path):
            guard path.utf8.count <= RedisConfiguration.maximumSocketPathBytes else {
                throw RedisError(code: .connectFailed, message: "cannot connect to \(configuration.redactedURL): the path is too long for a socket")
            }
            context = redisConnectUnixWithTimeout(path, timeout)
        }
        let cause = errno
        guard let context else {
            throw RedisError(code: .outOfMemory, message: "cannot connect to \(configuration.redactedURL): out of memory")
        }
        guard context.pointee.err == 0 else {
            let reason = text(context.pointee.errstr)
            let code: RedisError.Code = context.pointee.err == REDIS_ERR_IO ? connectCode(cause) : .connectFailed
            redisFree(context)
            throw RedisError(code: code, message: "cannot connect to \(configuration.redactedURL): \(reason)")
        }
        // hiredis has set TCP_NODELAY; keepalive notices a peer that vanished while we wait for entries. Failing either is no reason not to connect.
        if case .tcp = configuration.address { redisEnableKeepAlive(context) }
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
        return context
    }

    private static func connectCode(_ cause: Int32) -> RedisError.Code {
        switch cause {
        // A missing socket file is what a stopped server looks like.
        case ECONNREFUSED, ENOENT: .connectionRefused
        case ETIMEDOUT: .timeout
        default: .connectFailed
        }
    }

    /// AUTH, SELECT and PING in one round trip. PING makes a server that wants a password, loads, or is full say so now and not amid the work.
    func greet() throws(RedisError) {
        var greeting = RedisPipeline()
        if let password = configuration.password {
            greeting.add(["AUTH"] + (configuration.username.map { [$0] } ?? []) + [password.value])
        }
        if configuration.database != 0 { greeting.add("SELECT", String(configuration.database)) }
        greeting.add("PING")

        let replies = try send(greeting, within: .bounded(configuration.connectTimeout))
        for (index, reply) in replies.enumerated() {
            guard let error = reply.error else { continue }
            if index == 0, configuration.password != nil, !error.isTransient {
                throw lost(.authenticationFailed, "Redis at \(configuration.redactedURL) refused the login: \(error.withoutSecret(configuration.password))")
            }
            switch error.prefix {
            case "NOAUTH":
                throw lost(.authenticationFailed, "Redis at \(configuration.redactedURL) wants a login: \(error)")
            // Only PING was refused (to this user, or because writes are): that is an answer, and commands will say what they may do.
            case "NOPERM", "MISCONF", "MASTERDOWN":
                if index == replies.count - 1 { continue }
                fallthrough
            default:
                throw lost(.server(error), "Redis at \(configuration.redactedURL) refuses the connection: \(error)")
            }
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
