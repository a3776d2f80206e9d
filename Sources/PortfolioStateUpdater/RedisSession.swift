import Platform
package import Redis

/// A Redis connection in an actor with its own queue, because its calls block. Connects when needed, and again after a
/// loss.
package actor RedisSession {
    private let configuration: RedisConfiguration
    private nonisolated let executor = BlockingExecutor(label: "portfolio-state-redis")
    private var connection: RedisConnection?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
    }

    /// Runs commands on the connection. `body` may block; the configuration's timeouts bound each exchange.
    func run<Value: Sendable>(
        _ body: @Sendable (RedisConnection) throws(PortfolioStateFailure) -> Value
    ) async throws(PortfolioStateFailure) -> Value {
        let connection = try connected()
        defer { if !connection.isUsable { self.connection = nil } }
        return try body(connection)
    }

    func close() {
        connection?.close()
        connection = nil
    }

    private func connected() throws(PortfolioStateFailure) -> RedisConnection {
        if let connection { return connection }
        do throws(RedisError) {
            let fresh = try RedisConnection(configuration)
            connection = fresh
            return fresh
        } catch {
            throw PortfolioStateFailure(error)
        }
    }
}

extension RedisConnection {
    /// ``send(_:extraTimeout:)`` with the error type of this module. A refusal by a replica, anywhere in the replies, ends
    /// the connection: the next one may reach the master.
    func exchange(_ pipeline: borrowing RedisPipeline) throws(PortfolioStateFailure) -> RedisReplies {
        let replies: RedisReplies
        do throws(RedisError) {
            replies = try send(pipeline)
        } catch {
            throw PortfolioStateFailure(error)
        }
        if let refusal = replies.refusalByReplica { throw endWithReplica("Redis refused a write: \(refusal)") }
        return replies
    }

    /// Closes the connection to a server that is no master, so that the next one may reach the master.
    func endWithReplica(_ message: String) -> PortfolioStateFailure {
        close()
        return PortfolioStateFailure(.redis, message)
    }
}
