internal import Glibc

extension GuardedProcess {
    private static let startTimeout: Duration = .seconds(10)
    /// How long one look at a server that does not answer yet may take.
    private static let probeMilliseconds: Int32 = 500

    /// Waits until redis-server answers PING on its socket; throws, with the end of its log, if it exits or takes too long.
    func waitUntilServing(_ socketPath: String) throws(EmbeddedRedisError) {
        let deadline = ContinuousClock.now + Self.startTimeout
        while !Self.answersPing(socketPath) {
            if ended(within: .milliseconds(2)) {
                throw EmbeddedRedisError(message: "redis-server exited at its start:\n\(tail(of: "\(folder)/\(Self.logName)"))")
            }
            guard ContinuousClock.now < deadline else {
                throw EmbeddedRedisError(message: "redis-server did not answer within \(Self.startTimeout):\n\(tail(of: "\(folder)/\(Self.logName)"))")
            }
        }
    }

    private static func answersPing(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let copied = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        guard copied else { return false }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard connected == 0 else { return false }
        let sent = "PING\r\n".utf8.withContiguousStorageIfAvailable { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard sent == 6, poll(&event, 1, probeMilliseconds) == 1 else { return false }
        var reply = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &reply, reply.count, Int32(MSG_DONTWAIT))
        // A server that wants a password serves too; one that still loads its data says so, and is asked again.
        let text = String(decoding: reply.prefix(max(0, count)), as: UTF8.self)
        return text.hasPrefix("+PONG") || text.hasPrefix("-NOAUTH")
    }
}
