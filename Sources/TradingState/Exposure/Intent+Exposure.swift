public import GateAPI

extension Intent {
    /// What the intent does to a position, in all worlds that are possible.
    ///
    /// - Parameters:
    ///   - position: the last snapshot, `nil` if the position is unknown.
    ///   - account: what is under way since; `nil` if the deployment keeps no ledger.
    ///   - isAssumed: whether the position was assumed for want of a record. Any order may then be a close.
    public func exposure(
        from position: Position?, _ account: Account<PositionPool>? = nil, isAssumed: Bool = false
    ) -> Exposure {
        if movesNothing { return .unchanged }
        let worlds = PositionWorlds(position, account)
        let closable = isAssumed ? nil : closable(worlds)
        if isCapped {
            let closed = closedQuantity(of: closable)
            let isCut = closed.map { $0 < quantity.value ?? .max } ?? false
            return .reduces(
                Reduction(
                    quantity: closed, room: nil,
                    closing: isCut && account != nil ? worlds.closingRoom(buying: direction) : nil))
        }
        guard let buys = direction, let lane else { return .unknown(.sideUnknown) }
        guard case .value(let order) = quantity else {
            return .unknown(quantity.abstainReason(absent: .quantityUnknown))
        }
        // In hedge mode an order that names no leg may open either. Both legs count: each may lose by itself.
        let opensLeg = leg != nil || hasUnknownLeg || worlds.legs != nil
        if !opensLeg, let left = worlds.left(buying: buys)?.less(order), !left.isNegative {
            return .reduces(
                Reduction(
                    quantity: action.isClose ? closedQuantity(of: closable) : order,
                    room: worlds.room(buying: buys, order, left: left, lane), closing: nil))
        }
        guard let before = opensLeg ? worlds.mostOfBothLegs : worlds.most(buying: buys) else {
            return .unknown(.positionUnknown)
        }
        let lanes: LaneSet = opensLeg ? .opening : buys ? .buying : .selling
        return .opens(
            Opening(
                most: before.plus(order), closable: leg == nil ? closable : .zero, quantity: order,
                underWay: worlds.account.totals.sum(lanes), room: worlds.closingRoom(buying: buys),
                isCounted: account != nil, lanes: lanes, lane: lane,
                symbol: symbol))
    }

    /// The most that the order may find to close; `nil` if that cannot be known.
    private func closable(_ worlds: PositionWorlds) -> Amount? {
        if let leg = judgedLeg { return worlds.most(of: leg) }
        // The record of one position does not tell what a leg holds.
        if hasUnknownLeg, worlds.legs == nil { return nil }
        return worlds.closable(buying: direction)
    }
}
