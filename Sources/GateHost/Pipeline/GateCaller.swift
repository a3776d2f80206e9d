import Deployment
import GateAPI

/// Calls the gates for the pipeline.
///
/// The pipeline weighs the verdicts and nothing else. A caller decides whether a gate is asked, how long it may take,
/// and which consequences its failures have. The pipeline therefore needs no clock and stays pure, while
/// ``ContainedCalls`` holds the gates to their deadlines.
protocol GateCaller {
    /// Begins collecting the records that one entry needs.
    func beginRequests(of entry: EntryID)

    /// Whether the gate may request records. The gate counts as being called from here on.
    func mayRequest(_ gate: Int) -> Bool

    /// Begins the decision on one entry.
    func beginDecision(on entry: EntryID)

    /// Asks a gate through its `evaluator` and writes its verdict and its time into `result`. A gate that is not asked
    /// has failed.
    ///
    /// Returns whether the gate passes the intent and does nothing else.
    func ask(
        _ gate: Int, _ evaluator: GateEvaluator, about intent: Intent, _ inputs: Inputs, _ result: inout GateResult
    ) -> Bool

    /// Takes note of the verdict that stands, for every gate that did not simply pass. The pipeline may have refused
    /// the verdict that the gate gave.
    func settle(_ gate: Int, _ verdict: VerdictKind)

    /// The failure policy that applies if the gate cannot judge.
    func failurePolicy(of gate: Int, _ slot: GateSlot) -> FailurePolicy

    /// Ends the calls for an entry: no gate is being called any more.
    func end()
}

/// Asks every gate, however long it takes. A replay thus gives the same bytes: no time is measured.
struct DirectCalls: GateCaller {
    func beginRequests(of entry: EntryID) {}

    func mayRequest(_ gate: Int) -> Bool { true }

    func beginDecision(on entry: EntryID) {}

    @inline(__always)
    func ask(
        _ gate: Int, _ evaluator: GateEvaluator, about intent: Intent, _ inputs: Inputs, _ result: inout GateResult
    ) -> Bool {
        result.nanoseconds = 0
        return evaluator.evaluate(intent, inputs, &result.gateVerdict)
    }

    func settle(_ gate: Int, _ verdict: VerdictKind) {}

    func failurePolicy(of gate: Int, _ slot: GateSlot) -> FailurePolicy { slot.onFailure }

    func end() {}
}
