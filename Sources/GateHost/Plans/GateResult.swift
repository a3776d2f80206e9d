package import Deployment
package import GateAPI

/// One gate's say in a decision.
package struct GateResult: Sendable {
    let slot: GateSlot
    package internal(set) var finding = Finding()
    package internal(set) var effect = GateEffect.none
    /// How long the gate took.
    package internal(set) var nanoseconds: UInt64 = 0

    package var gate: String { slot.name }
    package var mode: GateMode { slot.mode }
    package var verdict: VerdictKind { finding.kind }
    package var reason: String { finding.reason }
    package var evidence: Evidence { finding.evidence }
    package var detail: String? { finding.detail }
}

/// What a gate's verdict came to under its mode and failure policy.
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

    package var blocks: Bool { self == .blocked || self == .failedClosed }
    package var wouldBlock: Bool { self == .wouldBlock || self == .wouldFailClosed }
}
