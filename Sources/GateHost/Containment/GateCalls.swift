import Deployment
import GateAPI
import Platform

/// The calls of one intake thread to its gates: refuses those that breakers and exemptions forbid, notes each in the
/// crash journal before it is made, and holds it to its deadline afterwards. Used by that thread alone.
package final class GateCalls {
    let post: IntakePost
    private let containment: Containment
    private let count: Int
    private let decisionDeadline: UInt64
    /// Of each gate, for the time of a batch. In memory of its own, like all that is looked at for every call: class
    /// properties are checked at every access.
    private let gates: UnsafeMutablePointer<Gate>
    private let course: UnsafeMutablePointer<Course>
    private var signalStack: SignalStack?

    private enum Admission { case ask, tryOut, refuse }

    private struct Gate {
        let deadline: UInt64
        /// In the crash journal.
        let place: UInt64
        var admission = Admission.ask
        /// Not counted by the breaker yet.
        var calls = 0
    }

    private struct Course {
        var call: UInt64 = 0
        /// When the gates began to be asked about this entry.
        var start: UInt64 = 0
        /// The gates not to be asked about this entry, and why.
        var exempt: [(gate: Int, failure: GateFailure)] = []
        /// Whether the gate that was entered last is tried out by the call.
        var isProbe = false
        /// Whether any gate has passed its deadline over this entry.
        var isLate = false
    }

    init(_ containment: Containment, _ post: IntakePost) {
        self.containment = containment
        self.post = post
        count = containment.gates.count
        decisionDeadline = containment.configuration.decisionDeadline.nanoseconds
        gates = .allocate(capacity: count)
        for (index, gate) in containment.gates.enumerated() {
            (gates + index).initialize(
                to: Gate(deadline: gate.deadline, place: UInt64(gate.place ?? Containment.placeless + index)))
        }
        course = .allocate(capacity: 1)
        course.initialize(to: Course())
        post.begin()
        signalStack = TrapMark.install(post.slot)
    }

    deinit {
        gates.deinitialize(count: count)
        gates.deallocate()
        course.deinitialize(count: 1)
        course.deallocate()
    }

    /// Of a thread that nobody gives up; `nil` where the journal has no room.
    package convenience init?(_ containment: Containment) {
        guard let post = containment.makePost(stream: "", onGivenUp: {}) else { return nil }
        self.init(containment, post)
    }

    /// To be called on the thread itself, when it is done.
    package func end() {
        TrapMark.remove()
        signalStack = nil
        post.slot.clear()
        post.end()
    }

    /// Looks at the breakers: what is admitted now stays so for the batch, lest a gate be asked whose records nobody
    /// requested.
    package func beginBatch() {
        for index in 0..<count {
            let breaker = containment.gates[index].breaker
            gates[index].admission =
                breaker.state == .closed ? .ask : breaker.isDue(at: Monotonic.nanoseconds()) ? .tryOut : .refuse
        }
    }

    package func endBatch() {
        leave()
        for index in 0..<count { countCalls(index) }
    }

    @inline(__always)
    func begin(_ entry: EntryID, at start: UInt64 = 0) {
        post.slot.begin(entry)
        course.pointee.start = start
        course.pointee.isLate = false
        if !course.pointee.exempt.isEmpty { course.pointee.exempt = [] }
        if containment.hasExemptions { course.pointee.exempt = containment.exemptions(post.streamHash, entry) }
    }

    /// Whether the gate may request its records for this entry.
    func enterRequest(_ index: Int) -> Bool {
        guard gates[index].admission != .refuse, failure(exempting: index) == nil else { return false }
        note(index)
        return true
    }

    /// Whether the gate may be asked about this entry; if not, it has failed.
    @inline(__always)
    func enter(_ index: Int, at now: UInt64, _ finding: inout Finding) -> Bool {
        if gates[index].admission == .ask, course.pointee.exempt.isEmpty, !course.pointee.isLate {
            gates[index].calls &+= 1
            note(index)
            return true
        }
        return enterSlowly(index, at: now, &finding)
    }

    private func enterSlowly(_ index: Int, at now: UInt64, _ finding: inout Finding) -> Bool {
        course.pointee.isProbe = false
        if let failure = failure(exempting: index) {
            finding.refuse(failure)
            return false
        }
        // Gates that keep their deadlines keep this one too: the configuration's deadlines add up to no more.
        if course.pointee.isLate, now &- course.pointee.start > decisionDeadline {
            finding.refuse(.decisionDeadline)
            return false
        }
        switch gates[index].admission {
        case .ask: break
        case .tryOut:
            guard containment.gates[index].breaker.takeProbe(at: now) else { fallthrough }
            course.pointee.isProbe = true
        case .refuse:
            finding.refuse(
                .breakerOpen,
                detail: containment.gates[index].breaker.state == .latched
                    ? "crashed or hung too often; not asked until reset" : nil)
            return false
        }
        gates[index].calls &+= 1
        note(index)
        return true
    }

    @inline(__always)
    private func note(_ index: Int) {
        course.pointee.call &+= 1
        post.slot.enter(course.pointee.call, place: gates[index].place)
    }

    /// No gate is being asked any more.
    @inline(__always)
    func leave() {
        post.slot.leave()
    }

    /// Whether a call has taken too long.
    @inline(__always)
    func isOverrun(_ index: Int, _ elapsed: UInt64) -> Bool { elapsed > gates[index].deadline }

    func deadline(_ index: Int) -> UInt64 { gates[index].deadline }

    /// The gate is asked once more: for the watchdog that is another call.
    func enterAgain(_ index: Int) {
        note(index)
    }

    /// The gate has passed its deadline, and not because the machine did not let its thread run.
    func noteLate() {
        course.pointee.isLate = true
    }

    @inline(__always)
    func isTriedOut(_ index: Int) -> Bool { gates[index].admission == .tryOut }

    /// Tells the breaker how a call of a gate went.
    func settle(_ index: Int, at now: UInt64, hasFailed: Bool) {
        let health = containment.gates[index]
        if hasFailed {
            countCalls(index)
            if health.breaker.failed(at: now) {
                gates[index].admission = .refuse
                containment.breakerHasOpened(health)
            }
        } else if course.pointee.isProbe {
            if health.breaker.succeeded() { containment.breakerHasClosed(health) }
        }
        course.pointee.isProbe = false
    }

    func policy(_ index: Int) -> FailurePolicy { containment.gates[index].policy }

    private func failure(exempting index: Int) -> GateFailure? {
        course.pointee.exempt.first { $0.gate == index }?.failure
    }

    private func countCalls(_ index: Int) {
        guard gates[index].calls > 0 else { return }
        containment.gates[index].breaker.count(calls: gates[index].calls)
        gates[index].calls = 0
    }
}
