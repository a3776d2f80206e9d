import GateAPI
import TradingState

/// The fields of a decision record that few decisions have: the gates with an effect in shadow, amendments, fail-opens,
/// the size of a plan that is not kept, and the inputs if the deployment records them.
struct DecisionExtras {
    /// Names and values.
    private(set) var values: [String] = []

    init(_ results: [GateResult], plan: Fields?, inputs: [UInt8]?, planMaxBytes: Int) {
        add(DecisionRecord.Field.wouldBlock, results) { $0.wouldBlock }
        add(DecisionRecord.Field.amendedBy, results) { $0.amends }
        add(DecisionRecord.Field.wouldAmend, results) { $0.wouldAmend }
        add(DecisionRecord.Field.failedOpen, results) { $0 == .failedOpen }
        if let plan, !PlanText.fits(plan, within: planMaxBytes) {
            values += [DecisionRecord.Field.planBytes.description, String(plan.byteCount)]
        }
        if let inputs {
            values += [DecisionRecord.Field.inputs.description, String(decoding: inputs, as: UTF8.self)]
        }
    }

    /// Adds `gate:reason` of every gate with such an effect, joined by commas.
    private mutating func add(_ name: StaticString, _ results: [GateResult], where matches: (GateEffect) -> Bool) {
        guard results.contains(where: { matches($0.effect) }) else { return }
        values += [
            name.description,
            results.filter { matches($0.effect) }.map { "\($0.gate):\($0.reason)" }.joined(separator: ","),
        ]
    }
}
