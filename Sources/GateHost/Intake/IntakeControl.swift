import Dispatch
import Synchronization
import Platform

/// Tells the intake thread to stop, and wakes it where it waits.
final class IntakeControl: Sendable {
    private let stopping = Atomic(false)
    private let wake = DispatchSemaphore(value: 0)

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    func stop() {
        stopping.store(true, ordering: .releasing)
        wake.signal()
    }

    /// Waits, but not beyond ``stop()``.
    func wait(_ duration: Duration) {
        guard !isStopping else { return }
        _ = wake.wait(timeout: .now() + .milliseconds(Int(duration.milliseconds)))
        // One signal stops every thread: each passes it on.
        if isStopping { wake.signal() }
    }
}
