/// Why a record cannot be used. A gate lets it escape from `evaluate`: the host turns it into an abstention with the
/// matching ``AbstainReason`` and puts the numbers into the evidence.
public enum InputFailure: Error, Sendable, Hashable {
    case missing
    case stale(age: Duration, limit: Duration)
    case futureDated(by: Duration)
    case malformed(field: String)
    case nonFinite(field: String)
    case unavailable(detail: String)
    /// The gate reads a record that it did not request: a mistake in the gate, not in the data.
    case notRequested

    /// `nil` for a mistake in the gate itself.
    package var reason: AbstainReason? {
        switch self {
        case .missing: .inputMissing
        case .stale: .inputStale
        case .futureDated: .inputFutureDated
        case .malformed: .inputMalformed
        case .nonFinite: .inputNonFinite
        case .unavailable: .inputUnavailable
        case .notRequested: nil
        }
    }
}
