public import GateAPI

/// An order that opens in some world.
public struct Opening: Sendable, Equatable {
    /// The most exposure there may be after the order, in base asset: position, everything in its direction that may
    /// still fill, and the order itself. In hedge mode, of both legs together. A position on the other side takes
    /// nothing off: it may be gone before the order fills.
    public let most: Amount
    /// The most that the order may close in some world, in base asset: zero if it can close nothing, `nil` if that
    /// cannot be known.
    public let closable: Amount?
    /// The order's quantity in base asset.
    public let quantity: Amount
    /// What may still fill and make the position larger, in base asset: a part of ``most``.
    public let underWay: Amount
    /// What may be under way that ``closable`` grows with.
    let room: ClosingRoom
    /// Whether an account was there to count what is under way.
    let isCounted: Bool
    /// The lanes whose sum ``underWay`` is.
    let lanes: LaneSet
    let lane: PositionPool.Lane
    let symbol: Symbol

    /// ``most`` without what is under way, negative for a sell.
    package var positionAfter: Amount {
        let after = most.less(underWay)
        return lane.isSell ? -after : after
    }

    /// The order as one that can only reduce, for a gate that would otherwise block it; `nil` if it can close nothing
    /// in any world. So neither a flip nor a blocked close is possible.
    public var capped: Amendment? {
        let most = closable.map { min($0, quantity) } ?? quantity
        return most.isPositive ? .reduceOnly(most) : nil
    }

    /// The claim of a verdict that stands while ``most`` is at most `limit`; `nil` without a ledger.
    public func claim(upTo limit: Amount) -> Claim? {
        claim(.atMost, underWay.plus(limit.less(most)))
    }

    /// The claims of a verdict that stands while ``most`` is more than `limit`, and there is no more to close than the
    /// gate knew of.
    public func claims(beyond limit: Amount) -> Claims {
        let bound = underWay.plus(limit.less(most))
        // The order may be over the limit whatever is under way.
        let over = bound.isNegative ? nil : claim(.moreThan, bound)
        return Claims(over, closing.first)
    }

    /// The claims of a refusal for a reason other than a limit: it stands while there is no more to close than the gate
    /// knew of.
    public var closing: Claims {
        let isCut = closable.map { $0 < quantity } ?? false
        return Claims(isCut && isCounted ? room.claim(symbol) : nil)
    }

    private func claim(_ relation: Claim.Bound.Relation, _ limit: Amount) -> Claim? {
        guard isCounted else { return nil }
        return Claim(
            Account<PositionPool>.self, symbol, lane: lane.rawValue, amount: .zero,
            Claim.Bound(lanes: lanes, relation, limit))
    }
}

/// The lanes whose orders leave more of a position to close, and their sum.
struct ClosingRoom: Sendable, Equatable {
    let lanes: LaneSet
    let underWay: Amount

    /// The claim of a decision that stands while there is no more to close than was known.
    func claim(_ symbol: Symbol) -> Claim {
        Claim(
            Account<PositionPool>.self, symbol, lane: 0, amount: .zero, Claim.Bound(lanes: lanes, .atMost, underWay))
    }
}
