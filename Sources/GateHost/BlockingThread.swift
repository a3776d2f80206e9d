import Foundation

/// Runs blocking work on a thread of its own and waits for it without blocking the cooperative pool.
package func onBlockingThread(named name: String, _ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
        let thread = Thread {
            work()
            done.resume()
        }
        thread.name = name
        thread.start()
    }
}
