import Platform
package import Redis

/// One Redis connection behind an actor that runs on a queue of its own, since its calls block. Connects when needed,
/// again after a loss.
package actor RedisSession {
    private let configuration: RedisConfiguration
    private nonisolated let executor = BlockingExecutor(label: "portfolio-state-redis")
    private var connection: RedisConnection?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
    }

    /// Runs commands on the connection. `body` may block; its time is bounded by the configuration's timeouts for each
    /// exchange.
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
    /// ``send(_:extraTimeout:)`` in this module's error type.
    func exchange(_ pipeline: borrowing RedisPipeline) throws(PortfolioStateFailure) -> RedisReplies {
        do throws(RedisError) {
            return try send(pipeline)
        } catch {
            throw PortfolioStateFailure(error)
        }
    }
}
