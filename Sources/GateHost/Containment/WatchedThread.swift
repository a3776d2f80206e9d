import GateAPI
import Platform
import Synchronization

/// One intake thread as the watchdog sees it. The watchdog abandons a thread that hangs in a gate, and another thread
/// takes over its work.
final class WatchedThread: Sendable {
    let stream: String
    let streamHash: UInt64
    let slot: CallSlot
    private let abandoned = Atomic(false)
    private let ended = Atomic(false)
    private let probe = Mutex<ThreadProbe?>(nil)
    private let onAbandoned: @Sendable () -> Void

    init(stream: String, slot: CallSlot, onAbandoned: @escaping @Sendable () -> Void) {
        self.stream = stream
        streamHash = StableHash.of(stream)
        self.slot = slot
        self.onAbandoned = onAbandoned
    }

    /// Whether the thread must decide nothing any more, because another thread does its work.
    var isAbandoned: Bool { abandoned.load(ordering: .acquiring) }
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Forbids the thread to decide anything. To be called before ``replace()``: the thread may come back at any time.
    func abandon() {
        abandoned.store(true, ordering: .releasing)
    }

    /// Lets another thread take over the work.
    func replace() {
        onAbandoned()
    }

    /// To be called on the thread itself.
    func begin() {
        probe.withLock { $0 = .current() }
    }

    /// To be called on the thread itself, as the last thing.
    func end() {
        ended.store(true, ordering: .releasing)
    }

    /// Nanoseconds of processor time that the thread has used; `nil` if the kernel does not tell.
    var processorTime: UInt64? { probe.withLock { $0 }?.processorTime }

    /// Whether the thread has used so much processor time since `before`, or waits for something. If neither, the
    /// machine did not let it run.
    func isBusyOrWaiting(since before: UInt64?, atLeast nanoseconds: UInt64) -> Bool {
        guard let probe = probe.withLock({ $0 }), let before, let now = probe.processorTime else { return true }
        return now &- before >= nanoseconds || probe.isWaiting
    }
}
