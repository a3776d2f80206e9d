/// The closed set of reasons that a gate can give for a block or an amendment, as an enum of wire codes.
///
/// Codes go into Redis and into metric labels: lower-case words joined by `_`, never with numbers or texts of the
/// moment; those belong in ``Evidence``.
public protocol ReasonCode: RawRepresentable<String>, CaseIterable, Sendable, Hashable {
    /// One sentence for `gatehost gates`.
    var summary: String { get }
}

/// Why a gate could not judge an intent. Raw values are the wire codes.
public enum AbstainReason: String, Sendable, Hashable, CaseIterable {
    /// A record that the gate reads is not there.
    case inputMissing = "input_missing"
    /// The record is older than the gate's limit.
    case inputStale = "input_stale"
    /// The record's timestamp lies in the future, beyond the tolerated clock skew.
    case inputFutureDated = "input_future_dated"
    /// The record, or a field of the intent, cannot be parsed.
    case inputMalformed = "input_malformed"
    /// The record holds `nan` or `inf` where a number belongs.
    case inputNonFinite = "input_non_finite"
    /// The record could not be read: wrong type, no permission, server error.
    case inputUnavailable = "input_unavailable"
    case positionUnknown = "position_unknown"
    case priceUnknown = "price_unknown"
    case quantityUnknown = "quantity_unknown"
    case sideUnknown = "side_unknown"
}

/// Why an input cannot be used. A gate that lets it escape from `evaluate` abstains with its ``reason``.
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
    public var reason: AbstainReason? {
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
