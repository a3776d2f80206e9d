import GateAPI
import Platform

extension ContainedCalls {
    /// Asks a gate again that has passed its deadline.
    ///
    /// A gate is a pure function: one that the machine merely held up gives the same verdict in time. A gate that is
    /// late again has failed, unless the machine again did not let the thread run.
    func askAgain(
        _ gate: Int, _ evaluator: GateEvaluator, about intent: Intent, _ inputs: Inputs, _ result: inout GateResult
    ) -> Bool {
        let usage = ThreadUsage.now()
        let deadline = gates[gate].deadline
        // To the watchdog this is another call.
        note(gate)
        let isPlainPass = evaluator.evaluate(intent, inputs, &result.gateVerdict)
        let end = Monotonic.nanoseconds()
        let elapsed = end &- entry.pointee.callStart
        entry.pointee.callStart = end
        guard elapsed > deadline, usage.isExceeded(by: deadline) else { return isPlainPass }
        result.gateVerdict.fail(
            .deadline,
            detail: "took \(result.nanoseconds / 1_000) us, and \(elapsed / 1_000) us when asked again")
        result.nanoseconds &+= elapsed
        entry.pointee.isLate = true
        return false
    }
}
