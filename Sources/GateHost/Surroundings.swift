package import GateAPI
package import Redis
import Platform
import TradingState

/// What the intake has of the world around it, so that a simulation can be that world.
package struct Surroundings: Sendable {
    package typealias Connect = @Sendable (RedisConfiguration) throws(RedisError) -> RedisConnection

    package var connect: Connect
    package var wallClock: @Sendable () -> Timestamp
    /// Nanoseconds that never step back.
    package var monotonic: @Sendable () -> UInt64
    /// Waits before the next session, in place of a wait that ends early where the host is told to stop.
    package var pause: (@Sendable (Duration) -> Void)?
    /// From so many entries on a batch is committed in a transaction, where that may be: for fewer, the commands around
    /// it cost more than they save.
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

    package static let real = Surroundings(
        connect: { (configuration) throws(RedisError) in try RedisConnection(configuration) }, wallClock: WallClock.now,
        monotonic: Monotonic.nanoseconds, pause: nil)
}
