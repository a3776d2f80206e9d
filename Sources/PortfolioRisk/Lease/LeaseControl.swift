import Glibc
import Platform
import Synchronization

/// What this instance knows of the lease, shared by the keeper, the cycle and the endpoints.
package final class LeaseControl: Sendable {
    private struct State {
        var reading: LeaseReading?
        var readAt: ContinuousClock.Instant?
        var failure: String?
    }

    /// Unique to this process: host name, process id and a random part.
    package let holder: String
    package let length: Duration
    /// A last cycle older than this is a fault.
    package let cycleLimit: Duration
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    package init(length: Duration, cycleLimit: Duration) {
        holder = Self.makeHolder()
        self.length = length
        self.cycleLimit = cycleLimit
    }

    /// - Parameter interval: the time between cycles. Two may fail, and one wait for its exporter.
    package convenience init(length: Duration, interval: Duration) {
        self.init(length: length, cycleLimit: interval * 3 + .seconds(15))
    }

    /// The term in which this instance writes; `nil` while it stands by.
    package var term: LeaseTerm? {
        state.withLock { state in state.reading.flatMap { $0.isOwn ? $0.term : nil } }
    }

    package func record(_ reading: LeaseReading) {
        state.withLock { state in
            state.reading = reading
            state.readAt = .now
            state.failure = nil
        }
    }

    /// Redis has refused a write of this term: it belongs to another instance now.
    package func lose(_ term: LeaseTerm) {
        state.withLock { state in
            guard let reading = state.reading, reading.isOwn, reading.term == term else { return }
            state.reading = LeaseReading(term: term, isOwn: false, cycleAge: reading.cycleAge)
        }
    }

    package func recordFailure(_ reason: String) {
        state.withLock { $0.failure = reason }
    }

    package struct Snapshot: Sendable {
        package let reading: LeaseReading?
        /// `nil` if no cycle was ever written.
        package let cycleAge: Duration?
        /// Whether the last cycle, of whichever instance, is too old.
        package let isCycleOverdue: Bool
        /// Why the lease cannot be read; `nil` while it can.
        package let failure: String?
    }

    package var snapshot: Snapshot {
        let (state, now) = (self.state.withLock { $0 }, ContinuousClock.now)
        let age = state.reading?.cycleAge.map { $0 + (now - (state.readAt ?? now)) }
        // A service that has just started is not overdue by the age of an earlier one's cycle.
        let overdue = min(age ?? (now - started), now - started)
        return Snapshot(
            reading: state.reading, cycleAge: age, isCycleOverdue: overdue > cycleLimit, failure: state.failure)
    }

    private static func makeHolder() -> String {
        let random = String(UInt32.random(in: .min ... .max), radix: 16)
        return "\(HostName.current() ?? "unknown"):\(getpid())-\(random)"
    }
}
