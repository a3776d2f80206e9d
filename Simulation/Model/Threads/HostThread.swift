import Dispatch
import Foundation
import Glibc

/// A thread that runs one host after the other. Only one thread of a schedule runs; the others wait.
///
/// Safe: the waking thread writes `work`, then this thread reads it, and the semaphore orders the two.
final class HostThread: @unchecked Sendable {
    private let wake = DispatchSemaphore(value: 0)
    private var work: (() -> Void)?
    private var isEnding = false

    /// - Parameter core: the core of the thread. The threads of a schedule take turns, and a hand-over is much cheaper
    ///   on one core.
    init(core: Int) {
        let thread = Thread { [self] in
            Cores.pin(to: core)
            while true {
                wake.wait()
                if isEnding { return }
                let current = work
                work = nil
                current?()
            }
        }
        thread.name = "simulated host"
        thread.start()
    }

    var isFree: Bool { work == nil }

    func prepare(_ work: @escaping () -> Void) { self.work = work }

    func resume() { wake.signal() }

    /// Waits until the thread is resumed. Called on this thread only.
    func suspend() { wake.wait() }

    func end() {
        isEnding = true
        wake.signal()
    }
}
