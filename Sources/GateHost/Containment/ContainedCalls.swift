import Deployment
import GateAPI
import Platform

/// The contained calls of one intake thread to the gates. Refuses calls that a breaker or an exemption forbids, notes
/// each call in the crash journal before it is made, measures it, and holds it to its deadline. Used by that thread
/// alone.
package final class ContainedCalls {
    let thread: WatchedThread
    let containment: Containment
    let decisionDeadline: UInt64
    private let count: Int
    /// The state of each gate, in pipeline order, and of the entry under way. Every call changes both. Swift checks
    /// each access to a class's variables at run time, so they lie in memory of their own.
    // Safe: allocated in `init`, freed in `deinit`, and used by one thread.
    let gates: UnsafeMutablePointer<GateCallState>
    let entry: UnsafeMutablePointer<EntryCallState>
    private var signalStack: SignalStack?

    /// To be called on the thread itself.
    init(_ containment: Containment, _ thread: WatchedThread) {
        self.containment = containment
        self.thread = thread
        count = containment.gates.count
        decisionDeadline = containment.configuration.decisionDeadline.nanoseconds
        gates = .allocate(capacity: count)
        for (index, gate) in containment.gates.enumerated() {
            (gates + index).initialize(to: GateCallState(deadline: gate.deadline, place: UInt64(gate.callPlace)))
        }
        entry = .allocate(capacity: 1)
        entry.initialize(to: EntryCallState())
        thread.begin()
        signalStack = TrapMark.install(thread.slot)
    }

    deinit {
        gates.deinitialize(count: count)
        gates.deallocate()
        entry.deinitialize(count: 1)
        entry.deallocate()
    }

    /// Calls of a thread that is not replaced when it hangs; `nil` if the journal has no room.
    package convenience init?(_ containment: Containment) {
        guard let thread = containment.watchdog.watch(stream: "", onAbandoned: {}) else { return nil }
        self.init(containment, thread)
    }

    /// Whether the thread must decide nothing any more, because another thread does its work.
    var isAbandoned: Bool { thread.isAbandoned }

    /// Begins a batch by looking at the breakers. Each gate keeps its admission for the whole batch: a breaker that
    /// closes meanwhile must not let a gate be asked that could not request its records.
    package func beginBatch() {
        for index in 0..<count {
            let breaker = containment.gates[index].breaker
            gates[index].admission =
                breaker.state == .closed ? .ask : breaker.isDue(at: Monotonic.nanoseconds()) ? .probe : .refuse
        }
    }

    package func endBatch() {
        thread.slot.leave()
        for index in 0..<count { countCalls(of: index) }
    }

    /// Tells a gate's breaker of the calls since the last time.
    func countCalls(of gate: Int) {
        guard gates[gate].calls > 0 else { return }
        containment.gates[gate].breaker.count(calls: gates[gate].calls)
        gates[gate].calls = 0
    }

    /// Ends the thread's calls for good. To be called on the thread itself.
    package func finish() {
        TrapMark.remove()
        signalStack = nil
        thread.slot.clear()
        thread.end()
    }
}

/// The way in which a breaker admits calls to its gate during a batch.
enum Admission {
    case ask
    /// Only as a probe.
    case probe
    case refuse
}

/// One gate during a batch.
struct GateCallState {
    let deadline: UInt64
    /// The place by which call slots note the gate.
    let place: UInt64
    var admission = Admission.ask
    /// Calls that the breaker has not counted yet.
    var calls = 0
}

/// The entry that the gates are being asked about.
struct EntryCallState {
    /// The number of the call.
    var call: UInt64 = 0
    /// When the first gate was asked.
    var start: UInt64 = 0
    /// When the call under way began: when the one before it ended.
    var callStart: UInt64 = 0
    /// The gates not to be asked, and why.
    var exempt: [(gate: Int, failure: GateFailure)] = []
    /// Whether the last call was a probe.
    var isProbe = false
    /// Whether the last call was refused, so that there is no result for the breaker.
    var isRefused = false
    /// Whether any gate has passed its deadline.
    var isLate = false

    func failure(exempting gate: Int) -> GateFailure? {
        exempt.first { $0.gate == gate }?.failure
    }
}
