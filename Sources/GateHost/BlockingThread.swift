import Foundation
import Synchronization

/// Runs blocking work on a thread of its own and waits for it without blocking the cooperative pool.
package func onBlockingThread(named name: String, _ work: @escaping @Sendable () -> Void) async {
    await onBlockingThread(named: name) { _ in work() }
}

/// The same for work that may be left where it is: once `leave` is called, nobody waits for it any more.
package func onBlockingThread(
    named name: String, _ work: @escaping @Sendable (_ leave: @escaping @Sendable () -> Void) -> Void
) async {
    await withCheckedContinuation { continuation in
        let waiting = Waiting(continuation)
        let thread = Thread {
            work { waiting.end() }
            waiting.end()
        }
        thread.name = name
        thread.start()
    }
}

/// Somebody who waits for the end of something, which may come twice.
private final class Waiting: Sendable {
    private let continuation: Mutex<CheckedContinuation<Void, Never>?>

    init(_ continuation: CheckedContinuation<Void, Never>) {
        self.continuation = Mutex(continuation)
    }

    func end() {
        continuation.withLock { $0.take() }?.resume()
    }
}
