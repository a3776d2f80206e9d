import Dispatch
import Foundation
import Glibc

/// A thread that runs one host after the other, and only while nobody else of its schedule runs: who wakes it waits.
///
/// Safe: `work` is written by who wakes the thread, before, and read by the thread after; the semaphore orders the two.
final class HostThread: @unchecked Sendable {
    private let wake = DispatchSemaphore(value: 0)
    private var work: (() -> Void)?
    private var isEnding = false

    /// - Parameter core: where the thread runs. The threads of one schedule take turns, and handing over is much
    ///   cheaper on one core.
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

    /// On this thread only: until it is resumed.
    func suspend() { wake.wait() }

    func end() {
        isEnding = true
        wake.signal()
    }
}
