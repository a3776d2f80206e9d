import Deployment
import GateAPI
import Synchronization
import Platform

/// The circuit breaker of one gate.
///
/// - Closed: every call goes through. Enough failures open the breaker.
/// - Open: the gate is not asked and fails at once. After a pause the breaker is half open.
/// - Half open: one call at a time, the probe, asks the gate. Enough successful probes close the breaker; one that
///   fails opens it again.
/// - Latched: the gate is not asked until an operator resets it. Repeated crashes or hangs latch the breaker, because
///   each costs a process or a thread.
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
        /// The number of calls so far.
        let calls: Int
    }

    private struct History {
        /// The newest failures, oldest first; at most as many as open the breaker.
        var failures: [Failure] = []
        /// When an open breaker becomes half open.
        var pauseEnds: UInt64 = 0
        /// Successful probes since the breaker became half open.
        var successes = 0
        /// When the probe under way began.
        var probe: UInt64?
    }

    private let limits: ContainmentConfiguration
    private let history = Mutex(History())
    private let current = Atomic(State.closed.rawValue)
    private let calls = Atomic(0)

    init(_ limits: ContainmentConfiguration) {
        self.limits = limits
    }

    package var state: State { State(rawValue: current.load(ordering: .relaxed)) ?? .closed }

    /// Counts calls, for the share of failures. Callers count several calls at once: the share need not be exact.
    func count(calls count: Int) {
        calls.wrappingAdd(count, ordering: .relaxed)
    }

    /// Whether a call may be made although the breaker was not closed. A caller that got a probe must report its result
    /// with ``succeeded()`` or ``failed(at:)``.
    func takeProbe(at now: UInt64) -> Bool {
        history.withLock { history in
            switch state {
            case .closed: return true
            case .latched: return false
            case .open:
                guard now >= history.pauseEnds else { return false }
                set(.halfOpen)
                history.successes = 0
            case .halfOpen:
                // A probe whose thread hangs never reports: it holds up the next one only for a pause.
                if let begun = history.probe, now &- begun < limits.breakerPause.nanoseconds { return false }
            }
            history.probe = now
            return true
        }
    }

    /// Whether the next call may ask the gate.
    func isDue(at now: UInt64) -> Bool {
        switch state {
        case .closed, .halfOpen: true
        case .open: history.withLock { now >= $0.pauseEnds }
        case .latched: false
        }
    }

    /// A probe was successful. Returns whether that closed the breaker.
    func succeeded() -> Bool {
        history.withLock { history in
            guard state == .halfOpen else { return false }
            history.probe = nil
            history.successes += 1
            guard history.successes >= limits.breakerProbes else { return false }
            history = History()
            set(.closed)
            return true
        }
    }

    /// A call failed. Returns whether that opened the breaker.
    @discardableResult
    func failed(at now: UInt64) -> Bool {
        history.withLock { history in
            switch state {
            case .closed:
                history.failures.append(Failure(time: now, calls: calls.load(ordering: .relaxed)))
                if history.failures.count > limits.breakerFailures { history.failures.removeFirst() }
                guard history.failures.count == limits.breakerFailures, let first = history.failures.first,
                    let last = history.failures.last,
                    now &- first.time <= limits.breakerWindow.nanoseconds,
                    Amount(history.failures.count) >= Self.minimum(limits.breakerShare, of: last.calls - first.calls)
                else { return false }
            case .halfOpen: break
            case .open, .latched: return false
            }
            history = History(pauseEnds: now &+ limits.breakerPause.nanoseconds)
            set(.open)
            return true
        }
    }

    private static func minimum(_ share: Amount, of calls: Int) -> Amount {
        (try? share * Amount(calls)) ?? .zero
    }

    /// The rest of the pause of a breaker that is not closed; `nil` if it is closed or latched.
    func pause(at now: UInt64) -> UInt64? {
        switch state {
        case .closed, .latched: nil
        case .halfOpen: 0
        case .open: history.withLock { $0.pauseEnds > now ? $0.pauseEnds - now : 0 }
        }
    }

    /// Opens the breaker again as it was before a restart, for the rest of its pause.
    func reopen(pause: UInt64, at now: UInt64) {
        history.withLock { history in
            guard state == .closed else { return }
            history = History(pauseEnds: now &+ min(pause, limits.breakerPause.nanoseconds))
            set(.open)
        }
    }

    /// Keeps the breaker open until ``reset()``.
    func latch() {
        history.withLock { history in
            history = History()
            set(.latched)
        }
    }

    /// Closes the breaker in any state and forgets the failures.
    func reset() {
        history.withLock { history in
            history = History()
            set(.closed)
        }
    }

    private func set(_ state: State) {
        current.store(state.rawValue, ordering: .relaxed)
    }
}
