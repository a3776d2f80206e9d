import GateAPI
import Synchronization
import Platform

/// One intake thread as the watchdog sees it. A thread that hangs in a gate is given up, and another takes its place.
final class IntakePost: Sendable {
    let stream: String
    let streamHash: UInt64
    let slot: CallSlot
    private let givenUp = Atomic(false)
    private let ended = Atomic(false)
    private let thread = Mutex<ThreadProbe?>(nil)
    private let onGivenUp: @Sendable () -> Void

    init(stream: String, slot: CallSlot, onGivenUp: @escaping @Sendable () -> Void) {
        self.stream = stream
        streamHash = StableHash.of(stream)
        self.slot = slot
        self.onGivenUp = onGivenUp
    }

    /// The thread must decide nothing any more: another does its work.
    var isGivenUp: Bool { givenUp.load(ordering: .acquiring) }
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// First of all, lest the thread come back and take up more.
    func giveUp() {
        givenUp.store(true, ordering: .releasing)
    }

    /// Lets another thread take its place.
    func replace() {
        onGivenUp()
    }

    /// To be called on the thread itself.
    func begin() {
        thread.withLock { $0 = .current() }
    }

    /// Nanoseconds that the thread has used of a processor; `nil` where that cannot be told.
    var processorTime: UInt64? { thread.withLock { $0 }?.processorTime }

    /// Whether the thread has worked for so long, or waits; else the machine has not let it run.
    func isBusyOrWaiting(since before: UInt64?, atLeast nanoseconds: UInt64) -> Bool {
        guard let thread = thread.withLock({ $0 }), let before, let now = thread.processorTime else { return true }
        return now &- before >= nanoseconds || thread.isWaiting
    }

    func end() {
        ended.store(true, ordering: .releasing)
    }
}
