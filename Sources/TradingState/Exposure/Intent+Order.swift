public import GateAPI

/// What kind of order an intent is. One rule for every gate, for sizing and for the ledger.
extension Intent {
    /// Whether the order can only reduce: reduce-only, close position, a close without a direction or a quantity, the
    /// closing side of a leg, or an order that a gate amended to one.
    public var isCapped: Bool {
        if isGrantedCapped || reduceOnly.value == true { return true }
        if let leg { return isClosing(leg) }
        return direction == nil ? action.isClose || side == .close : action.isClose && quantity.value == nil
    }

    /// The order as one that can only reduce, for a gate that must not let it open and does not know the position;
    /// `nil` if it names no direction or quantity, or opens a leg. Such an order closes nothing.
    public var capped: Amendment? {
        guard direction != nil, leg.map(isClosing) ?? true, let quantity = quantity.value else { return nil }
        return .reduceOnly(quantity)
    }

    /// A stop or a hold. With side and quantity it is an order, under any name.
    var movesNothing: Bool {
        (action == .updateStop || action == .hold) && (side == nil || quantity == .absent)
    }

    /// Whether the order buys; `nil` if it names no direction.
    var direction: Bool? {
        switch side {
        case .buy: true
        case .sell: false
        case .close: leg.map { $0 == .short }
        case nil: action.isClose ? leg.map { $0 == .short } : nil
        }
    }

    private func isClosing(_ leg: PositionLeg) -> Bool { direction == (leg == .short) }

    /// The leg that the order changes; `nil` if it names none. A capped order on the opening side of its leg has
    /// nothing to close there, so it counts as one that names none.
    var judgedLeg: PositionLeg? {
        leg.flatMap { !isCapped || isClosing($0) ? $0 : nil }
    }

    /// The lane that the order takes from; `nil` for a capped order without a direction, which takes from both.
    package var lane: PositionPool.Lane? {
        guard let buys = direction else { return nil }
        return switch judgedLeg {
        case .long: buys ? .openLong : .closeLong
        case .short: buys ? .closeShort : .openShort
        case nil: isCapped ? (buys ? .cappedBuy : .cappedSell) : (buys ? .buy : .sell)
        }
    }

    /// The lanes that the order takes from.
    package var lanes: [PositionPool.Lane] {
        lane.map { [$0] } ?? (isCapped ? [.cappedBuy, .cappedSell] : [])
    }

    /// The quantity of a close: the smallest that the plan names, at most what may be there to close. `nil` if neither
    /// is known.
    func closedQuantity(of closable: Amount?) -> Amount? {
        let part = closable.flatMap { closable in
            closeFraction.flatMap { try? closable.multiplied(by: $0, rounding: .towardZero) }
        }
        // The `qty` of a partial close may be the whole position: it is only an upper bound.
        let isPartial = action == .partialClose || (closeFraction ?? .one) < .one
        if isPartial, part == nil, closeQuantity == nil, closable?.isZero != true { return nil }
        return Self.smaller(Self.smaller(part, closeQuantity), Self.smaller(quantity.value, closable))
    }

    private static func smaller(_ left: Amount?, _ right: Amount?) -> Amount? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
