import GateAPI
import Logging
import Platform
import Synchronization
import Telemetry

/// Watches the intake threads and abandons those that hang in a gate.
///
/// Swift cannot end a thread from outside. An abandoned thread is replaced; once too many hang, or one hangs for too
/// long, the process must be restarted.
final class Watchdog: Sendable {
    /// The time between two checks of the threads.
    static let interval: Duration = .milliseconds(20)
    /// The time after its deadline from which a call counts as hanging.
    private static let grace: Duration = .milliseconds(100)
    /// Threads that hang may use a processor each and hold memory. More than this many, or one for longer than
    /// `patience`, lead to a restart.
    private static let maximumAbandoned = 8
    private static let patience: Duration = .seconds(10)

    private let gates: [GateHealth]
    private let journal: CrashJournal
    private let exemptions: Exemptions
    private let faults: GateFaults
    private let abandoned: Gauge
    private let logger: Logger
    private let threads = Mutex<[Observation]>([])
    private let restart = Atomic(false)

    /// The watchdog's view of one thread.
    private struct Observation {
        let thread: WatchedThread
        var call: UInt64 = 0
        /// The number of checks in a row that have found the thread in the same call.
        var checks = 0
        /// The thread's processor time at the first of these checks.
        var processorTime: UInt64?
        /// When the thread was abandoned.
        var abandonedAt: UInt64?
    }

    /// A thread that hangs in a gate over an entry.
    private struct Hang {
        let thread: WatchedThread
        let entry: EntryID
        let gate: GateHealth
    }

    init(gates: [GateHealth], exemptions: Exemptions, faults: GateFaults, abandoned: Gauge) {
        self.gates = gates
        self.exemptions = exemptions
        self.faults = faults
        self.abandoned = abandoned
        journal = faults.journal
        logger = faults.logger
    }

    /// Whether only a restart of the process gets rid of threads that hang.
    var needsRestart: Bool { restart.load(ordering: .acquiring) }

    /// Begins to watch an intake thread; `nil` where the threads that hang have taken all call slots.
    func watch(stream: String, onAbandoned: @escaping @Sendable () -> Void) -> WatchedThread? {
        guard let slot = journal.takeSlot(stream: StableHash.of(stream)) else { return nil }
        let thread = WatchedThread(stream: stream, slot: slot, onAbandoned: onAbandoned)
        threads.withLock { threads in
            threads.removeAll { $0.thread.hasEnded }
            threads.append(Observation(thread: thread))
        }
        return thread
    }

    /// Checks all threads once and abandons those that hang in a gate.
    func check(at now: UInt64) {
        let hangs = threads.withLock { threads in
            threads.removeAll { $0.thread.hasEnded }
            abandoned.set(Double(threads.count { $0.abandonedAt != nil }))
            var hangs: [Hang] = []
            for index in threads.indices where threads[index].abandonedAt == nil {
                if let hang = observe(&threads[index], at: now) { hangs.append(hang) }
            }
            if isBeyondRepair(threads, at: now) { restart.store(true, ordering: .releasing) }
            return hangs
        }
        for hang in hangs { replaceThread(of: hang) }
        for gate in gates { gate.publishBreaker() }
    }

    /// Abandons the thread if it hangs.
    private func observe(_ observation: inout Observation, at now: UInt64) -> Hang? {
        let thread = observation.thread
        let call = thread.slot.call
        guard call != 0, call == observation.call else {
            observation.call = call
            observation.checks = 0
            observation.processorTime = call == 0 ? nil : thread.processorTime
            return nil
        }
        observation.checks += 1
        let entry = thread.slot.entry
        // The entry belongs to the call only if the thread is still in it afterwards.
        guard let gate = gate(of: call), observation.checks >= Self.checks(until: gate.deadline),
            thread.isBusyOrWaiting(since: observation.processorTime, atLeast: gate.deadline), thread.slot.call == call
        else { return nil }
        thread.abandon()
        observation.abandonedAt = now
        return Hang(thread: thread, entry: entry, gate: gate)
    }

    private func isBeyondRepair(_ threads: [Observation], at now: UInt64) -> Bool {
        let times = threads.compactMap(\.abandonedAt)
        return times.count > Self.maximumAbandoned || times.contains { now &- $0 > Self.patience.nanoseconds }
    }

    private func replaceThread(of hang: Hang) {
        hang.gate.publishHang()
        exemptions.add(hang.entry, of: hang.thread.streamHash, from: hang.gate, .deadline)
        logger.critical(
            "gate does not return: its thread is abandoned, and the gate is not asked about that intent again",
            metadata: [
                "gate": "\(hang.gate.name)", "intent_id": "\(hang.entry)", "stream": "\(hang.thread.stream)",
            ])
        faults.add(to: hang.gate)
        hang.thread.replace()
    }

    private func gate(of call: UInt64) -> GateHealth? {
        CallSlot.place(of: call).flatMap { place in gates.first { $0.callPlace == place } }
    }

    /// The number of checks after which a call has passed its deadline and the grace period.
    private static func checks(until deadline: UInt64) -> Int {
        Int((deadline &+ grace.nanoseconds) / interval.nanoseconds) + 1
    }
}
