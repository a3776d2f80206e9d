import Dispatch
import Synchronization

/// Tells threads to stop, and wakes those that wait.
package final class StopSignal: Sendable {
    private let stopping = Atomic(false)
    private let wake = DispatchSemaphore(value: 0)

    package init() {}

    package var isStopping: Bool { stopping.load(ordering: .acquiring) }

    package func stop() {
        stopping.store(true, ordering: .releasing)
        wake.signal()
    }

    /// Blocks the calling thread for `duration`, or until ``stop()`` if that comes first.
    package func wait(_ duration: Duration) {
        guard !isStopping else { return }
        _ = wake.wait(timeout: .now() + .milliseconds(Int(duration.milliseconds)))
        // One signal must wake every thread: each passes it on.
        if isStopping { wake.signal() }
    }
}
