import GateAPI
import Synchronization
import Platform

/// The host's health, for its endpoints: the sum of its intake threads'.
package final class HostStatus: Sendable {
    package enum Phase: Sendable, Equatable {
        /// Cannot decide, for this reason.
        case waiting(String)
        case ready
        case stopped
    }

    /// One for each partition of the intents.
    package let intakes: [IntakeStatus]

    package init(partitions: Int = 1) {
        intakes = (0..<partitions).map { _ in IntakeStatus() }
    }

    /// Ready if every intake thread is; else the state of the first that is not.
    package var current: Phase {
        intakes.lazy.map(\.current).first { $0 != .ready } ?? .ready
    }

    package var isStuck: Bool { intakes.contains(where: \.isStuck) }
}

/// The health of one intake thread.
package final class IntakeStatus: Sendable {
    /// A thread counts as stuck after so long without a tick: ten times its longest wait.
    static let stuckAfter: UInt64 = 60_000_000_000

    private let phase = Mutex(HostStatus.Phase.waiting("redis: connecting"))
    private let lastTick = Atomic(Monotonic.nanoseconds())
    private let progress = Mutex(Progress())

    /// A thread hands this on to the thread that takes its place.
    struct Progress {
        /// The newest entry that this process has decided. A group that was destroyed is created again after it.
        var newest: EntryID?
        /// Whether the entries that an earlier process left pending have been counted as delivered again. Only the
        /// first session of a process counts: lost connections are no fault of the entries.
        var hasCounted = false
    }

    package var current: HostStatus.Phase { phase.withLock { $0 } }
    package var isStuck: Bool { Monotonic.nanoseconds() &- lastTick.load(ordering: .relaxed) > Self.stuckAfter }

    package func set(_ next: HostStatus.Phase) {
        phase.withLock { $0 = next }
        tick()
    }

    func withProgress<Result>(_ body: (inout sending Progress) -> sending Result) -> Result {
        progress.withLock(body)
    }

    func tick() {
        lastTick.store(Monotonic.nanoseconds(), ordering: .relaxed)
    }
}
