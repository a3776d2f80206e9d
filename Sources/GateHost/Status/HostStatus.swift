import GateAPI
import Synchronization
import Platform

/// What the host is doing, for its health endpoints: the sum of what its intake threads do.
package final class HostStatus: Sendable {
    package enum Phase: Sendable, Equatable {
        /// Not able to decide, and why.
        case waiting(String)
        case ready
        case stopped
    }

    /// One for each partition of the intents.
    package let intakes: [IntakeStatus]

    package init(partitions: Int = 1) {
        intakes = (0..<partitions).map { _ in IntakeStatus() }
    }

    /// Ready where every intake is; else what keeps the first that is not.
    package var current: Phase {
        intakes.lazy.map(\.current).first { $0 != .ready } ?? .ready
    }

    package var isStuck: Bool { intakes.contains(where: \.isStuck) }
}

/// What one intake thread is doing.
package final class IntakeStatus: Sendable {
    /// Without a tick for this long the thread counts as stuck: ten times the longest it may wait for anything.
    static let stuckAfter: UInt64 = 60_000_000_000

    private let phase = Mutex(HostStatus.Phase.waiting("redis: connecting"))
    private let lastTick = Atomic(Monotonic.nanoseconds())
    private let progress = Mutex(Progress())

    /// What a thread hands on to the one that takes its place.
    struct Progress {
        /// The newest entry that this process has decided: where it goes on if the group is destroyed.
        var newest: EntryID?
        /// Whether entries that an earlier process left pending have been counted as delivered again. Once a process:
        /// what Redis' troubles do to this one's sessions is not the entries' fault.
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
