import Platform
import Redis
import Synchronization

/// The Redis connection of the HTTP endpoints. Requests take turns on it. It has its own thread, so that requests and
/// cycles never wait for each other.
actor RequestConnection {
    /// Bound on waiting requests; further requests are refused at once.
    private static let maximumWaiting = 64
    /// After a lost connection, requests within this time share its error instead of each waiting for its own.
    private static let failureLifetime: Duration = .seconds(1)

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
            throw RedisError(code: .timeout, message: "too many requests are waiting for Redis")
        }
        return try await execute(work)
    }

    private func execute<Value: Sendable>(_ work: @Sendable (RedisConnection) throws(RedisError) -> Value)
        throws(RedisError) -> Value
    {
        if let lastFailure, ContinuousClock.now < lastFailure.until { throw lastFailure.error }
        do throws(RedisError) {
            lastFailure = nil
            return try work(try usableConnection())
        } catch {
            if error.isConnectionLost {
                connection = nil
                lastFailure = (error, ContinuousClock.now + Self.failureLifetime)
            } else if error.serverError?.isTransient == true {
                // A demoted master stays a replica on this connection; a new one may reach the new master.
                connection = nil
            }
            throw error
        }
    }

    /// Tests an idle connection with PING first: it may be dead, and no request may be sent twice.
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
