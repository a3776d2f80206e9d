import Platform
import Redis
import Synchronization

/// The endpoints' own connection: requests take turns on it, on a thread of its own, so that neither a cycle waits for
/// them nor they for a cycle.
actor RedisDesk {
    /// Requests that may wait for their turn; more only find out later that Redis is slow.
    private static let maximumWaiting = 64
    /// After a failure, others in this time share it instead of each waiting for its own.
    private static let failureShared: Duration = .seconds(1)

    private let executor = BlockingExecutor(label: "portfolio-risk.requests")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let redis: RedisConfiguration
    private nonisolated let waiting = Atomic(0)
    private var connection: RedisConnection?
    private var lastFailure: (error: RedisError, until: ContinuousClock.Instant)?

    init(_ redis: RedisConfiguration) {
        self.redis = redis
    }

    nonisolated func perform<Value: Sendable>(
        _ work: @escaping @Sendable (RedisConnection) throws(RedisError) -> Value
    ) async throws(RedisError) -> Value {
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maximumWaiting else {
            throw RedisError(code: .timeout, message: "too many requests wait for Redis")
        }
        return try await take(work)
    }

    private func take<Value: Sendable>(_ work: @Sendable (RedisConnection) throws(RedisError) -> Value)
        throws(RedisError) -> Value
    {
        if let lastFailure, ContinuousClock.now < lastFailure.until { throw lastFailure.error }
        do throws(RedisError) {
            lastFailure = nil
            return try work(try usableConnection())
        } catch {
            if error.isConnectionLost {
                connection = nil
                lastFailure = (error, ContinuousClock.now + Self.failureShared)
            } else if error.serverError?.isTransient == true {
                // A primary that has become a replica stays one on this connection.
                connection = nil
            }
            throw error
        }
    }

    /// A connection that has lain idle may be dead; only asking tells, and no request may be sent twice.
    private func usableConnection() throws(RedisError) -> RedisConnection {
        if let connection {
            do throws(RedisError) {
                _ = try connection.command("PING")
                return connection
            } catch {
                connection.close()
            }
        }
        let fresh = try RedisConnection(redis)
        connection = fresh
        return fresh
    }
}
