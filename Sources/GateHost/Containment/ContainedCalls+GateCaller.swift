import Deployment
import GateAPI
import Platform

extension ContainedCalls: GateCaller {
    @inline(__always)
    func beginRequests(of id: EntryID) {
        begin(id)
    }

    func mayRequest(_ gate: Int) -> Bool {
        guard gates[gate].admission != .refuse, entry.pointee.failure(exempting: gate) == nil else { return false }
        note(gate)
        return true
    }

    @inline(__always)
    func beginDecision(on id: EntryID) {
        begin(id)
        let now = Monotonic.nanoseconds()
        entry.pointee.start = now
        entry.pointee.callStart = now
        entry.pointee.isLate = false
        entry.pointee.isRefused = false
    }

    @inline(__always)
    private func begin(_ id: EntryID) {
        thread.slot.begin(id)
        if !entry.pointee.exempt.isEmpty { entry.pointee.exempt = [] }
        if !containment.exemptions.isEmpty {
            entry.pointee.exempt = containment.exemptions.of(id, in: thread.streamHash)
        }
    }

    @inline(__always)
    func ask(
        _ gate: Int, _ evaluator: GateEvaluator, about intent: Intent, _ inputs: Inputs, _ result: inout GateResult
    ) -> Bool {
        let isAsked = admit(gate, &result.gateVerdict)
        var isPlainPass = isAsked && evaluator.evaluate(intent, inputs, &result.gateVerdict)
        // One look at the clock ends this gate's time and begins the next one's.
        let end = Monotonic.nanoseconds()
        result.nanoseconds = end &- entry.pointee.callStart
        entry.pointee.callStart = end
        if isAsked, result.nanoseconds > gates[gate].deadline, !thread.isAbandoned {
            isPlainPass = askAgain(gate, evaluator, about: intent, inputs, &result)
        }
        if isPlainPass, gates[gate].admission == .probe { settle(gate, .pass) }
        return isPlainPass
    }

    func settle(_ gate: Int, _ verdict: VerdictKind) {
        defer {
            entry.pointee.isProbe = false
            entry.pointee.isRefused = false
        }
        guard !entry.pointee.isRefused else { return }
        let health = containment.gates[gate]
        if verdict == .failed {
            countCalls(of: gate)
            if health.breaker.failed(at: entry.pointee.callStart) {
                gates[gate].admission = .refuse
                containment.noteOpened(health)
            }
        } else if entry.pointee.isProbe, health.breaker.succeeded() {
            containment.noteClosed(health)
        }
    }

    func failurePolicy(of gate: Int, _ slot: GateSlot) -> FailurePolicy { containment.gates[gate].policy }

    @inline(__always)
    func end() {
        thread.slot.leave()
    }
}

// MARK: Admission

extension ContainedCalls {
    /// Whether the gate may be asked about this entry. If not, it has failed.
    @inline(__always)
    private func admit(_ gate: Int, _ gateVerdict: inout GateVerdict) -> Bool {
        guard gates[gate].admission == .ask, entry.pointee.exempt.isEmpty, !entry.pointee.isLate else {
            return admitUnusually(gate, &gateVerdict)
        }
        gates[gate].calls &+= 1
        note(gate)
        return true
    }

    private func admitUnusually(_ gate: Int, _ gateVerdict: inout GateVerdict) -> Bool {
        entry.pointee.isProbe = false
        if let failure = entry.pointee.failure(exempting: gate) { return refuse(&gateVerdict, failure) }
        // The gates' deadlines add up to no more than the decision's deadline, so it cannot pass while no gate is late.
        if entry.pointee.isLate, entry.pointee.callStart &- entry.pointee.start > decisionDeadline {
            return refuse(&gateVerdict, .decisionDeadline)
        }
        let breaker = containment.gates[gate].breaker
        switch gates[gate].admission {
        case .ask: break
        case .probe where breaker.takeProbe(at: entry.pointee.callStart): entry.pointee.isProbe = true
        case .probe, .refuse:
            return refuse(
                &gateVerdict, .breakerOpen,
                breaker.state == .latched ? "crashed or hung too often; not asked until reset" : nil)
        }
        gates[gate].calls &+= 1
        note(gate)
        return true
    }

    private func refuse(_ gateVerdict: inout GateVerdict, _ failure: GateFailure, _ detail: String? = nil) -> Bool {
        entry.pointee.isRefused = true
        gateVerdict.refuse(failure, detail: detail)
        return false
    }

    /// Notes in the crash journal that the gate is being called.
    @inline(__always)
    func note(_ gate: Int) {
        entry.pointee.call &+= 1
        thread.slot.enter(entry.pointee.call, place: gates[gate].place)
    }
}
