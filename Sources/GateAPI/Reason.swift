/// The gate's own reasons for a block or an amendment: an enum whose raw values are wire codes. `README.md` beside this
/// file compares it with ``AbstainReason`` and ``InputFailure``.
///
/// Codes go into Redis and into metric labels: lower-case words joined by `_`, without numbers. Numbers go into
/// ``Evidence``.
public protocol ReasonCode: RawRepresentable<String>, CaseIterable, Sendable, Hashable {
    /// One sentence for `gatehost gates`.
    var summary: String { get }
}

/// Why a gate could not judge an intent. Raw values are wire codes.
public enum AbstainReason: String, Sendable, Hashable, CaseIterable {
    /// A record that the gate reads is missing.
    case inputMissing = "input_missing"
    /// The record is older than the gate's limit.
    case inputStale = "input_stale"
    /// The record's timestamp lies in the future, beyond the tolerated clock skew.
    case inputFutureDated = "input_future_dated"
    /// The record, or a field of the intent, cannot be parsed.
    case inputMalformed = "input_malformed"
    /// A number in the record or the intent is `nan` or `inf`.
    case inputNonFinite = "input_non_finite"
    /// The record could not be read: wrong type, no permission, server error.
    case inputUnavailable = "input_unavailable"
    case positionUnknown = "position_unknown"
    case priceUnknown = "price_unknown"
    /// No mark price confirms the plan's own price, and the gate is set not to believe it.
    case priceUnverified = "price_unverified"
    case quantityUnknown = "quantity_unknown"
    case sideUnknown = "side_unknown"
}
