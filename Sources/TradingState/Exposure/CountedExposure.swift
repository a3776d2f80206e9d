package import GateAPI

/// What an intent does to its symbol's position, for a gate with the setting `reserve`.
package struct CountedExposure: Sendable {
    package let exposure: Exposure
    /// `nil` if it cannot be read.
    package let position: Position?
    /// Whether the position is assumed to be flat for want of a record.
    package let isAssumed: Bool
    /// Why what is under way is not counted. The order may then be blocked by itself, but it must not pass.
    package let uncounted: InputFailure?

    /// - Parameter counts: whether what is under way counts.
    package init(of intent: Intent, _ inputs: Inputs, _ settings: PositionSettings, counts: Bool) throws(InputFailure) {
        do throws(InputFailure) {
            let judged = try counts ? inputs.exposure(of: intent, settings) : inputs.exposureAlone(of: intent, settings)
            (exposure, position, isAssumed) = judged
            uncounted = nil
        } catch {
            // If it was the position, this throws the same failure.
            let alone = try inputs.exposureAlone(of: intent, settings)
            guard case .opens = alone.exposure else { throw error }
            (exposure, position, isAssumed) = alone
            uncounted = error
        }
    }

    /// Says in the evidence that the position is assumed.
    package func show(in evidence: inout Evidence) {
        if isAssumed { evidence.add("position", "assumed_flat") }
    }
}
