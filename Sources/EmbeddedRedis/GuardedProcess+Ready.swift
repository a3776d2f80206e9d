internal import Glibc

extension GuardedProcess {
    private static let startTimeout: Duration = .seconds(10)
    /// The time limit of one PING.
    private static let probeMilliseconds: Int32 = 500

    /// Waits until redis-server answers PING on its socket. Throws an error with the end of its log if it exits or
    /// takes too long.
    func waitUntilServing(_ socketPath: String) throws(EmbeddedRedisError) {
        let deadline = ContinuousClock.now + Self.startTimeout
        while !Self.answersPing(socketPath) {
            if ended(within: .milliseconds(2)) {
                throw EmbeddedRedisError(
                    message: "redis-server exited at its start:\n\(tail(of: "\(folder)/\(Self.logName)"))")
            }
            guard ContinuousClock.now < deadline else {
                let log = tail(of: "\(folder)/\(Self.logName)")
                throw EmbeddedRedisError(message: "redis-server did not answer within \(Self.startTimeout):\n\(log)")
            }
        }
    }

    private static func answersPing(_ path: String) -> Bool {
        // A server that asks for a password serves too. A server that still loads its data answers otherwise, and is
        // asked again.
        let text = answer(to: "PING", at: path, within: probeMilliseconds)
        return text.hasPrefix("+PONG") || text.hasPrefix("-NOAUTH")
    }
}
