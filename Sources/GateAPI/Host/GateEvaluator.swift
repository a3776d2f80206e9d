/// A gate as the host calls it: ``Gate/evaluate(_:_:_:)`` without the gate's own types.
///
/// Public only because a requirement of ``Gate`` returns it. It holds nothing for a gate's author.
public struct GateEvaluator: Sendable {
    /// Evaluates an intent into a verdict. Returns whether it is a pass without claims, as nearly all are.
    package let evaluate: @Sendable (_ intent: Intent, _ inputs: Inputs, _ verdict: inout GateVerdict) -> Bool

    @usableFromInline
    init(_ body: @escaping @Sendable (_ intent: Intent, _ inputs: Inputs, _ verdict: inout GateVerdict) -> Bool) {
        evaluate = body
    }
}

extension Gate {
    // Inlinable, so that each gate's module compiles its own copy: the host's call is one indirect call.
    @inlinable
    public func makeEvaluator() -> GateEvaluator {
        GateEvaluator { intent, inputs, verdict in evaluate(intent, inputs, into: &verdict) }
    }

    @inlinable
    func evaluate(_ intent: Intent, _ inputs: Inputs, into verdict: inout GateVerdict) -> Bool {
        do {
            verdict.begin()
            switch try evaluate(intent, inputs, &verdict.evidence) {
            case .pass(let claims) where claims.isEmpty:
                verdict.pass()
                return true
            case .pass(let claims): verdict.pass(claims)
            case .block(let reason, let advisory, let effects, let claims):
                verdict.block(reason.rawValue, advisory: advisory, effects, claims)
            case .amend(let amendment, let reason, let advisory, let effects, let claims):
                verdict.amend(amendment, reason.rawValue, advisory: advisory, effects, claims)
            case .abstain(let reason): verdict.abstain(reason)
            }
        } catch {
            verdict.fail(error)
        }
        return false
    }
}
