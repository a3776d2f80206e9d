import Dispatch

/// Runs an actor on a queue of its own, so that the actor may block on a socket. Dispatch gives a serial queue a thread
/// even if every core has one, so blocking it takes none from the cooperative pool.
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
