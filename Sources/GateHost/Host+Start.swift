import Deployment
import Logging
import Platform
import Redis
import Telemetry

extension Host {
    /// Looks at Redis' memory policy before anything is decided. Waits for Redis as the intakes do.
    ///
    /// - Returns: why the host may not start; `nil` if it may.
    func refusal() -> HostRefusal? {
        guard !configuration.answers.allowEviction else { return nil }
        var refusal: HostRefusal?
        var isDone = false
        var sessions = ReconnectingLoop(redis: configuration.redis, stop: stop) { [self] error, wait in
            // The intakes wait for the same server.
            for intake in status.intakes { intake.set(.waiting("redis: \(error)")) }
            metrics.sessionsLost.increment()
            logger.error(
                "intake interrupted; its entries stay pending",
                metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.isAbandoned = { isDone }
        sessions.run { (connection, _) throws(RedisError) in
            do throws(RedisError) {
                refusal = try MemoryPolicy.read(connection).flatMap { $0.mayEvict ? HostRefusal(policy: $0) : nil }
            } catch {
                // A server that does not tell its policy gives a warning, which the group's watch tells.
                if error.isConnectionLost { throw error }
            }
            isDone = true
        }
        if let refusal {
            for intake in status.intakes { intake.set(.waiting("\(refusal)")) }
            logger.critical("the host does not start", metadata: ["reason": "\(refusal)"])
        }
        return refusal
    }
}
