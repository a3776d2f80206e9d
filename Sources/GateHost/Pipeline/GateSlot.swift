package import Deployment
package import GateAPI

/// A gate in its place of the pipeline.
package final class GateSlot: Sendable {
    package let name: String
    package let mode: GateMode
    package let onFailure: FailurePolicy
    let deadline: Duration
    let alarm: FailOpenAlarm
    let judge: @Sendable (_ intent: Intent, _ inputs: Inputs, _ finding: inout Finding) -> Bool
    /// What every result of this gate begins with in a decision record.
    let recordHead: [UInt8]
    private let gate: any Gate

    package init(_ configured: ConfiguredGate) {
        name = configured.name
        mode = configured.mode
        onFailure = configured.onFailure
        deadline = configured.deadline
        alarm = configured.alarm
        gate = configured.gate
        judge = configured.gate.judge().ask
        recordHead = Array(
            "{\"gate\":\"\(configured.name)\",\"mode\":\"\(configured.mode.rawValue)\",\"verdict\":\"".utf8)
    }

    /// The kinds of records that the gate may request.
    var records: [any StateRecord.Type] { type(of: gate).records }

    func request(for intent: Intent, _ inputs: inout InputRequest) {
        gate.request(for: intent, &inputs)
    }
}
