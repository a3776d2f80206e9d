package import GateAPI
import Platform
import TradingState

/// The clocks that the updater and its sources read; tests set them.
package struct Clocks: Sendable {
    /// For moments that other processes compare with their own clocks.
    package var wall: @Sendable () -> Timestamp
    /// For pauses and intervals: it never steps.
    package var steady: @Sendable () -> ContinuousClock.Instant

    package init(wall: @escaping @Sendable () -> Timestamp, steady: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.wall = wall
        self.steady = steady
    }

    package static let system = Clocks(wall: WallClock.now, steady: { ContinuousClock.now })
}
