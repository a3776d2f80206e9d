package import GateAPI
import Platform
package import Redis
import TradingState

/// Connections and clocks: everything that the threads take from the world around them. A simulation brings its own.
package struct HostRuntime: Sendable {
    package typealias Connect = @Sendable (RedisConfiguration) throws(RedisError) -> RedisConnection

    package var connect: Connect
    package var wallClock: @Sendable () -> Timestamp
    /// Nanoseconds that never step back.
    package var monotonic: @Sendable () -> UInt64
    /// Waits before the next session. `nil` waits on the stop signal, which ends the wait early.
    package var pause: (@Sendable (Duration) -> Void)?
    /// Batches of at least this many entries may be committed by a transaction. For smaller ones the commands around it
    /// cost more than they save.
    package var smallestTransaction = 32

    package init(
        connect: @escaping Connect, wallClock: @escaping @Sendable () -> Timestamp,
        monotonic: @escaping @Sendable () -> UInt64,
        pause: (@Sendable (Duration) -> Void)?
    ) {
        self.connect = connect
        self.wallClock = wallClock
        self.monotonic = monotonic
        self.pause = pause
    }

    /// The real Redis and the machine's clocks.
    package static let live = HostRuntime(
        connect: { (configuration) throws(RedisError) in try RedisConnection(configuration) },
        wallClock: WallClock.now,
        monotonic: Monotonic.nanoseconds, pause: nil)
}
