package import Deployment
import GateAPI

/// A gate in its place in the pipeline.
package final class GateSlot: Sendable {
    let label: GateLabel
    package let onFailure: FailurePolicy
    let deadline: Duration
    let alarm: FailOpenAlarm
    let evaluator: GateEvaluator
    private let gate: any Gate
    private let declared: Set<ObjectIdentifier>

    package init(_ configured: ConfiguredGate) {
        label = GateLabel(name: configured.name, mode: configured.mode)
        onFailure = configured.onFailure
        deadline = configured.deadline
        alarm = configured.alarm
        gate = configured.gate
        declared = Set(configured.gate.accounts.map { ObjectIdentifier($0) })
        evaluator = configured.gate.makeEvaluator()
    }

    package var name: String { label.name }
    package var mode: GateMode { label.mode }
    /// The kinds of records that the gate may request.
    var records: [any StateRecord.Type] { type(of: gate).records }

    /// The accounts of the ledger that the gate judges by.
    var accounts: [any StateRecord.Type] { gate.accounts }

    /// The switches that take permits back.
    var revoking: [any RevokingRecord.Type] { mode == .enforce ? gate.revoking : [] }

    func declares(_ account: any StateRecord.Type) -> Bool {
        declared.contains(ObjectIdentifier(account))
    }

    func request(for intent: Intent, _ inputs: inout InputRequest) {
        gate.request(for: intent, &inputs)
    }
}
