import GateAPI
import Synchronization
import Platform

/// Whether the host works, for its health endpoints. Sums up the status of its intake threads.
package final class HostStatus: Sendable {
    package enum Phase: Sendable, Equatable {
        /// The host cannot decide, for this reason.
        case waiting(String)
        case ready
        case stopped
    }

    /// The status of each partition's intake thread.
    package let intakes: [IntakeStatus]
    /// Warnings for the operator of a host that works.
    package let warnings = HostWarnings()

    private let streams: [String]

    /// - Parameter streams: one for each intake thread.
    package init(streams: [String] = ["intake"]) {
        self.streams = streams
        intakes = streams.map { _ in IntakeStatus() }
    }

    /// Ready if every intake thread is ready; otherwise the phase of the first that is not.
    package var current: Phase {
        intakes.lazy.map(\.current).first { $0 != .ready } ?? .ready
    }

    /// The leads of streams whose last ids are ahead of the clock.
    package var leads: [StreamLead] { intakes.compactMap(\.lead) }

    /// The streams that are not decided, and why.
    package var waiting: [(stream: String, phase: Phase)] {
        zip(streams, intakes).map { ($0, $1.current) }.filter { $0.phase != .ready }
    }

    package var isStuck: Bool { intakes.contains(where: \.isStuck) }

    /// Whether more plans wait than a batch holds.
    var hasBacklog: Bool { intakes.contains(where: \.hasBacklog) }

    /// Whether all plans of this host wait while another host commits.
    var isInLine: Bool { intakes.allSatisfy(\.isInLine) }
}

/// Whether one intake thread works.
package final class IntakeStatus: Sendable {
    /// Without a tick for this long the thread counts as stuck. It is ten times the longest wait of the thread.
    static let stuckAfter: UInt64 = 60_000_000_000

    private let phase = Mutex(HostStatus.Phase.waiting("redis: connecting"))
    private let lastTick = Atomic(Monotonic.nanoseconds())
    /// When the last full batch was committed.
    private let lastFullBatch = Atomic<UInt64>(0)
    /// A backlog is over if no batch was full for this long.
    private static let backlogLife: UInt64 = 50_000_000
    private let waitsInLine = Atomic(false)
    private let noteworthyLead = Mutex(StreamLead?.none)
    private let progress = Mutex(Progress())

    /// The state that a thread passes on to the thread that replaces it.
    struct Progress {
        /// The newest entry that this process has decided. If the consumer group is destroyed, reading continues after
        /// it.
        var newest: EntryID?
        /// Whether older entries of this consumer may be undecided, so that `newest` must stay.
        var hasOwnPending = false
        /// Whether the deliveries of entries that an earlier process left pending have been counted. A process counts
        /// them once, and again after a read that was lost to time or size: other interruptions are not the entries'
        /// fault.
        var hasCounted = false
    }

    /// When the thread last moved, in nanoseconds of the steady clock.
    var lastMove: UInt64 { lastTick.load(ordering: .relaxed) }

    package var current: HostStatus.Phase { phase.withLock { $0 } }
    package var isStuck: Bool { Monotonic.nanoseconds() &- lastTick.load(ordering: .relaxed) > Self.stuckAfter }

    /// The lead of the stream's last id, if it is worth a note.
    package var lead: StreamLead? { noteworthyLead.withLock { $0 } }

    /// Returns whether this is news.
    func setLead(_ next: StreamLead?) -> Bool {
        noteworthyLead.withLock { lead in
            defer { lead = next }
            return lead?.lastID != next?.lastID
        }
    }

    package func set(_ next: HostStatus.Phase) {
        phase.withLock { $0 = next }
        tick()
    }

    func withProgress<Result>(_ body: (inout sending Progress) -> sending Result) -> Result {
        progress.withLock(body)
    }

    fileprivate var hasBacklog: Bool {
        Monotonic.nanoseconds() &- lastFullBatch.load(ordering: .relaxed) < Self.backlogLife
    }

    fileprivate var isInLine: Bool { waitsInLine.load(ordering: .relaxed) }

    /// The thread begins or ends to wait for the baton.
    func setInLine(_ isInLine: Bool) {
        waitsInLine.store(isInLine, ordering: .relaxed)
    }

    func noteFullBatch() {
        lastFullBatch.store(Monotonic.nanoseconds(), ordering: .relaxed)
    }

    func tick() {
        lastTick.store(Monotonic.nanoseconds(), ordering: .relaxed)
    }
}
