import Foundation
import Synchronization

/// Runs blocking work on a thread of its own and waits for its result without blocking the cooperative pool.
package func onBlockingThread<Result: Sendable>(
    named name: String, _ work: @escaping @Sendable () -> Result
) async -> Result {
    await withCheckedContinuation { continuation in
        startThread(named: name) { continuation.resume(returning: work()) }
    }
}

/// The same for work that may outlive the wait: the caller goes on as soon as the work calls `leave`.
package func onBlockingThread(
    named name: String, _ work: @escaping @Sendable (_ leave: @escaping @Sendable () -> Void) -> Void
) async {
    await withCheckedContinuation { continuation in
        let waiter = Waiter(continuation)
        startThread(named: name) {
            work { waiter.resume() }
            waiter.resume()
        }
    }
}

/// Starts a thread that nobody waits for.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.start()
}

/// Resumes one continuation at the first `resume()`. Later calls do nothing.
private final class Waiter: Sendable {
    private let continuation: Mutex<CheckedContinuation<Void, Never>?>

    init(_ continuation: CheckedContinuation<Void, Never>) {
        self.continuation = Mutex(continuation)
    }

    func resume() {
        continuation.withLock { $0.take() }?.resume()
    }
}
