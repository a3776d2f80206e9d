public import GateAPI

// Exposure lies here, not in GateAPI: it needs the position and the ledger, and GateAPI knows no record. A gate author
// finds everything about positions in this folder: the position, its settings, and what an intent does to it.

/// What an intent does to the position in its symbol, in all worlds that are possible: the snapshot lags, and permitted
/// orders may fill or not.
public enum Exposure: Sendable, Equatable {
    /// Moves a stop or holds: no order that changes the position.
    case unchanged
    /// The order can only reduce, in every world.
    case reduces(Reduction)
    /// The order opens in some world.
    case opens(Opening)
    case unknown(AbstainReason)
}

/// An order that can only reduce, in every world.
public struct Reduction: Sendable, Equatable {
    /// The most that it may close in base asset, `nil` if that cannot be known.
    public let quantity: Amount?
    /// For an order that nothing caps: how much may be under way before it could open. `nil` for a capped order.
    let room: Room?
    /// For a capped order that is cut: what may be under way that it could close.
    let closing: ClosingRoom?

    /// The order as one that can only reduce; `nil` if it is. A permit must say so: else a close that is granted later
    /// may take the position away, and this order opens.
    package var capped: Amendment? { room.map { .reduceOnly($0.order) } }

    /// The claim of the order: of one that nothing caps, that it can only reduce; of one that is cut, that there is no
    /// more to close than was known. `nil` for any other.
    package func claim(_ symbol: Symbol) -> Claim? {
        if let closing { return closing.claim(symbol) }
        return room.map { room in
            Claim(
                Account<PositionPool>.self, symbol, lane: room.lane.rawValue, amount: .zero,
                Claim.Bound(lanes: room.lanes, .atMost, room.limit))
        }
    }
}

/// The lanes of the position's account that a worst case depends on, and how much they may become together.
struct Room: Sendable, Equatable {
    let lanes: LaneSet
    /// The lane that the order takes from.
    let lane: PositionPool.Lane
    let limit: Amount
    /// The order's quantity in base asset.
    let order: Amount
}
