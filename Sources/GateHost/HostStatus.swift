import Synchronization

/// What the host is doing, for its health endpoints.
package final class HostStatus: Sendable {
    package enum Phase: Sendable, Equatable {
        /// Not able to decide, and why.
        case waiting(String)
        case ready
        case stopped
    }

    /// Without a tick for this long the intake thread counts as stuck: ten times the longest it may wait for anything.
    static let stuckAfter: UInt64 = 60_000_000_000

    private let phase = Mutex(Phase.waiting("redis: connecting"))
    private let lastTick = Atomic(Monotonic.nanoseconds())

    package init() {}

    package var current: Phase { phase.withLock { $0 } }
    package var isStuck: Bool { Monotonic.nanoseconds() &- lastTick.load(ordering: .relaxed) > Self.stuckAfter }

    func set(_ next: Phase) {
        phase.withLock { $0 = next }
        tick()
    }

    func tick() {
        lastTick.store(Monotonic.nanoseconds(), ordering: .relaxed)
    }
}
