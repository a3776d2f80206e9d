public import GateAPI

// Exposure lies here, not in GateAPI: it needs the position, and GateAPI knows no record. A gate author finds
// everything about positions in this folder: the position, its settings, and what an intent does to it.

/// The effect of an intent on the position in its symbol.
public enum Exposure: Sendable, Equatable {
    /// Moves a stop or holds: no order that changes the position.
    case unchanged
    /// The position is smaller or equal afterwards and keeps its sign. `quantity`: the closed part in base asset, `nil`
    /// if it cannot be known.
    case reduces(quantity: Amount?)
    /// The position grows, or flips. Signed quantities in base asset.
    case adds(before: Amount, after: Amount)
    case unknown(AbstainReason)
}
