import Deployment
import GateAPI
import Synchronization
import Platform

/// Keeps a gate that fails too often from being asked.
///
/// Closed, it lets every call through. Enough failures open it: the gate is not asked, and fails at once. After a pause
/// it is half open: single calls try the gate, and enough that go well close it. Crashes and hangs, which cost more
/// than a verdict, may latch it: then only a person closes it.
package final class GateBreaker: Sendable {
    package enum State: UInt8, Sendable, CaseIterable {
        case closed, halfOpen, open, latched

        package var text: String {
            switch self {
            case .closed: "closed"
            case .halfOpen: "half_open"
            case .open: "open"
            case .latched: "latched"
            }
        }
    }

    private struct Failure {
        let time: UInt64
        /// How many calls there had been.
        let calls: Int
    }

    private struct Course {
        /// The newest failures, oldest first; at most as many as open the breaker.
        var failures: [Failure] = []
        /// When an open breaker tries again.
        var pauseEnds: UInt64 = 0
        var successes = 0
        /// Since when a call is trying the gate.
        var probe: UInt64?
    }

    private let limits: ContainmentConfiguration
    private let course = Mutex(Course())
    private let current = Atomic(State.closed.rawValue)
    private let calls = Atomic(0)

    init(_ limits: ContainmentConfiguration) {
        self.limits = limits
    }

    package var state: State { State(rawValue: current.load(ordering: .relaxed)) ?? .closed }

    /// For the share of failures; several at once, since it is not needed exactly.
    func count(calls count: Int) {
        calls.wrappingAdd(count, ordering: .relaxed)
    }

    /// Whether a call may be made now that the breaker is not closed. Who may make it must tell how it went.
    func takeProbe(at now: UInt64) -> Bool {
        course.withLock { course in
            switch state {
            case .closed: return true
            case .latched: return false
            case .open:
                guard now >= course.pauseEnds else { return false }
                set(.halfOpen)
                course.successes = 0
            case .halfOpen:
                // A probe whose thread died says nothing any more.
                if let begun = course.probe, now &- begun < limits.breakerPause.nanoseconds { return false }
            }
            course.probe = now
            return true
        }
    }

    /// Whether the next call may try the gate.
    func isDue(at now: UInt64) -> Bool {
        switch state {
        case .closed, .halfOpen: true
        case .open: course.withLock { now >= $0.pauseEnds }
        case .latched: false
        }
    }

    /// Returns whether the breaker has closed by it.
    func succeeded() -> Bool {
        course.withLock { course in
            guard state == .halfOpen else { return false }
            course.probe = nil
            course.successes += 1
            guard course.successes >= limits.breakerProbes else { return false }
            course = Course()
            set(.closed)
            return true
        }
    }

    /// Returns whether the breaker has opened by it.
    @discardableResult
    func failed(at now: UInt64) -> Bool {
        course.withLock { course in
            switch state {
            case .closed:
                course.failures.append(Failure(time: now, calls: calls.load(ordering: .relaxed)))
                if course.failures.count > limits.breakerFailures { course.failures.removeFirst() }
                guard course.failures.count == limits.breakerFailures, let first = course.failures.first,
                    let last = course.failures.last,
                    now &- first.time <= limits.breakerWindow.nanoseconds,
                    Amount(course.failures.count) >= Self.least(limits.breakerShare, of: last.calls - first.calls)
                else { return false }
            case .halfOpen: break
            case .open, .latched: return false
            }
            course = Course(pauseEnds: now &+ limits.breakerPause.nanoseconds)
            set(.open)
            return true
        }
    }

    private static func least(_ share: Amount, of calls: Int) -> Amount {
        (try? share * Amount(calls)) ?? .zero
    }

    /// Open until ``reset()``.
    func latch() {
        course.withLock { course in
            course = Course()
            set(.latched)
        }
    }

    /// Closes it, whatever has been.
    func reset() {
        course.withLock { course in
            course = Course()
            set(.closed)
        }
    }

    private func set(_ state: State) {
        current.store(state.rawValue, ordering: .relaxed)
    }
}
