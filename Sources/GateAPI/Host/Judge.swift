/// A gate as the host calls it: ``Gate/evaluate(_:_:_:)`` without the gate's own types.
///
/// Public only because a requirement of ``Gate`` returns it. It holds nothing for a gate's author.
public struct Judge: Sendable {
    /// Judges an intent into a finding. Returns whether the verdict is a pass without a reservation, as nearly all are.
    package let ask: @Sendable (_ intent: Intent, _ inputs: Inputs, _ finding: inout Finding) -> Bool

    @usableFromInline
    init(_ body: @escaping @Sendable (_ intent: Intent, _ inputs: Inputs, _ finding: inout Finding) -> Bool) {
        ask = body
    }
}

extension Gate {
    // Inlinable, so that each gate's module compiles its own copy: the host's call is one indirect call.
    @inlinable
    public func judge() -> Judge {
        Judge { intent, inputs, finding in judge(intent, inputs, into: &finding) }
    }

    @inlinable
    func judge(_ intent: Intent, _ inputs: Inputs, into finding: inout Finding) -> Bool {
        do {
            finding.begin()
            switch try evaluate(intent, inputs, &finding.evidence) {
            case .pass(nil):
                finding.pass()
                return true
            case .pass(let reservation): finding.pass(reservation)
            case .block(let reason, let advisory, let effects, let reservation):
                finding.block(reason.rawValue, advisory: advisory, effects, reservation)
            case .amend(let amendment, let reason, let advisory):
                finding.amend(amendment, reason.rawValue, advisory: advisory)
            case .abstain(let reason): finding.abstain(reason)
            }
        } catch {
            finding.fail(error)
        }
        return false
    }
}
