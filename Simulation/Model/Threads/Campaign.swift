import Dispatch
import Foundation
import Synchronization

/// Runs schedules one after the other, with threads of its own on one core.
///
/// Safe: only one thread uses a worker at a time.
package final class Worker: @unchecked Sendable {
    private let threads: [HostThread]
    private let done = DispatchSemaphore(value: 0)
    private let deployment: Deployment

    package init(core: Int = 0) throws {
        deployment = try Deployment()
        // One more for the fresh host at the end of a schedule, and one spare.
        threads = (0..<Schedule.mostHosts + 2).map { _ in HostThread(core: core) }
    }

    deinit {
        for thread in threads { thread.end() }
    }

    package func run(seed: UInt64, flaws: ModelFlaws = [], isTraced: Bool = false) -> ScheduleResult {
        let schedule = Schedule(
            seed: seed, flaws: flaws, isTraced: isTraced, deployment: deployment, threads: threads, done: done)
        schedule.begin()
        done.wait()
        return schedule.result()
    }
}

/// Many schedules, run side by side.
package struct Campaign: Sendable {
    package let firstSeed: UInt64
    package let schedules: Int
    package let flaws: ModelFlaws
    package let threads: Int

    /// - Parameter threads: `nil` for one on each core.
    package init(firstSeed: UInt64, schedules: Int, flaws: ModelFlaws = [], threads: Int? = nil) {
        self.firstSeed = firstSeed
        self.schedules = schedules
        self.flaws = flaws
        self.threads = threads ?? Cores.count
    }

    private struct State {
        var counts = Counts()
        var violated: ScheduleResult?
    }

    /// Blocks until all schedules have run or one found a violation. Calls `progress` after every thousandth.
    package func run(_ progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> (
        counts: Counts, violated: ScheduleResult?
    ) {
        let next = Atomic(0)
        let state = Mutex(State())
        let workers = try (0..<max(1, threads)).map { try Worker(core: $0) }
        DispatchQueue.concurrentPerform(iterations: workers.count) { index in
            while true {
                let number = next.add(1, ordering: .relaxed).oldValue
                guard number < schedules, state.withLock({ $0.violated == nil }) else { return }
                let result = workers[index].run(seed: firstSeed &+ UInt64(number), flaws: flaws)
                state.withLock { state in
                    state.counts.add(result.counts)
                    if result.violation != nil, result.seed < state.violated?.seed ?? .max { state.violated = result }
                    if state.counts.schedules % 1_000 == 0 { progress(state.counts.schedules) }
                }
            }
        }
        return state.withLock { ($0.counts, $0.violated) }
    }
}
