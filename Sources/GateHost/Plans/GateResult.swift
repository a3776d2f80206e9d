package import Deployment
package import GateAPI

/// The name and mode by which a decision tells one gate's result from another's.
package final class GateLabel: Sendable {
    package let name: String
    package let mode: GateMode
    /// The beginning of every result of this gate in a decision record.
    let recordHead: [UInt8]

    init(name: String, mode: GateMode) {
        self.name = name
        self.mode = mode
        recordHead = Array("{\"gate\":\"\(name)\",\"mode\":\"\(mode.rawValue)\",\"verdict\":\"".utf8)
    }
}

/// One gate's result in a decision.
package struct GateResult: Sendable {
    let label: GateLabel
    package internal(set) var gateVerdict = GateVerdict()
    package internal(set) var effect = GateEffect.none
    /// The time that the gate took; zero if it was not measured.
    package internal(set) var nanoseconds: UInt64 = 0

    package var gate: String { label.name }
    package var mode: GateMode { label.mode }
    package var verdict: VerdictKind { gateVerdict.kind }
    package var reason: String { gateVerdict.reason }
    package var evidence: Evidence { gateVerdict.evidence }
    package var detail: String? { gateVerdict.detail }
}

/// The effect of a gate's verdict under its mode and failure policy.
package enum GateEffect: String, Sendable, CaseIterable {
    case none
    case blocked
    case wouldBlock = "would_block"
    case amended
    case wouldAmend = "would_amend"
    /// The gate could not judge, and the intent passed it.
    case failedOpen = "failed_open"
    /// The gate could not judge, and its policy `deny` blocked the intent.
    case failedClosed = "failed_closed"
    case wouldFailClosed = "would_fail_closed"
    /// The gate could not judge, and its policy `deny` let an intent that may be a close pass as one that can only
    /// reduce.
    case failedCapped = "failed_capped"
    case wouldFailCapped = "would_fail_capped"

    package var blocks: Bool { self == .blocked || self == .failedClosed }
    package var amends: Bool { self == .amended || self == .failedCapped }
    package var wouldAmend: Bool { self == .wouldAmend || self == .wouldFailCapped }
    package var wouldBlock: Bool { self == .wouldBlock || self == .wouldFailClosed }
}
