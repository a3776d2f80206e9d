import GateAPI
import Logging
import Platform
import Redis
import TradingState

/// Takes, extends and releases the lease. In the same round trip it reads the mode, which an instance that stands by
/// follows too, and the portfolio state, to see whether its writers agree.
///
/// An actor with a connection and a thread of its own: a cycle that waits costs no lease.
actor LeaseKeeper {
    private let executor = BlockingExecutor(label: "portfolio-risk.lease")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let redis: RedisConfiguration
    private let control: LeaseControl
    private let mode: ModeControl
    private let writers: StateWriterWatch
    private var connection: RedisConnection?

    init(_ redis: RedisConfiguration, control: LeaseControl, mode: ModeControl, writers: StateWriterWatch) {
        self.redis = redis
        self.control = control
        self.mode = mode
        self.writers = writers
    }

    /// Takes or extends the lease if Redis lets it. Returns the change of mode that another instance made.
    @discardableResult
    func step() throws(RedisError) -> ModeRecord? {
        do throws(RedisError) {
            let connection = try connected()
            var pipeline = RedisPipeline()
            LeaseScript.addTake(control.holder, for: control.length, to: &pipeline)
            pipeline.add("HGETALL", ModeRecord.key)
            pipeline.add("HGETALL", PortfolioState.key)
            let replies = try connection.send(pipeline)
            guard replies.count == 3 else {
                throw RedisError(code: .replyUnexpected, message: "Redis sent too few replies")
            }
            control.record(try LeaseReading(replies[0]))
            if let state = try? replies[2].hash.get() { writers.observe(state) }
            return mode.follow((try? replies[1].hash.get()).flatMap(ModeRecord.init(fields:)))
        } catch {
            // A new connection may reach the new master.
            connection?.close()
            connection = nil
            control.recordFailure(error.description)
            throw error
        }
    }

    /// Lets another instance write at once. Without a connection the lease ends by itself.
    func release(_ term: LeaseTerm) {
        control.lose(term)
        var pipeline = RedisPipeline()
        LeaseScript.addRelease(term, to: &pipeline)
        _ = try? connection?.send(pipeline)
    }

    private func connected() throws(RedisError) -> RedisConnection {
        if let connection { return connection }
        let connection = try RedisConnection(redis)
        self.connection = connection
        return connection
    }
}
