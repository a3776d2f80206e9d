import Foundation
import Synchronization

/// Runs `body` on so many threads of their own, which begin together, and waits for all of them. A pool would not do: a
/// busy one runs everything on one thread, and a test of concurrency then tests nothing.
func onThreads(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) {
    let start = StartingLine(runners: count)
    let finished = DispatchGroup()
    for index in 0..<count {
        finished.enter()
        Thread.detachNewThread {
            start.waitForAll()
            body(index)
            finished.leave()
        }
    }
    finished.wait()
}

private final class StartingLine: Sendable {
    private let missing: Atomic<Int>

    init(runners: Int) {
        missing = Atomic(runners)
    }

    func waitForAll() {
        missing.subtract(1, ordering: .relaxed)
        while missing.load(ordering: .relaxed) > 0 { sched_yield() }
    }
}
