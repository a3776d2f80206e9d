package import GateAPI
import Glibc

/// The clocks that the updater and its sources read; tests set them.
package struct Clocks: Sendable {
    /// The machine's clock: for moments that others compare with theirs.
    package var wall: @Sendable () -> Timestamp
    /// Never steps: for pauses and intervals.
    package var steady: @Sendable () -> ContinuousClock.Instant

    package init(wall: @escaping @Sendable () -> Timestamp, steady: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.wall = wall
        self.steady = steady
    }

    package static let system = Clocks(
        wall: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
        },
        steady: { ContinuousClock.now })
}
