public import GateAPI

extension Intent {
    /// The effect of the intent on a position: signed, in base asset, `nil` if it is unknown.
    ///
    /// If the position is known, only the position before and after counts. A `reduceOnly` order or a close action that
    /// would grow or flip the position is an open. One exception: a close action (or side `CLOSE`) with `reduceOnly`
    /// may be larger than the position and is still a close, because the exchange caps it. Snapshots lag, so a close of
    /// the whole position is often a little too large.
    ///
    /// If the position is unknown, `reduceOnly`, side `CLOSE` and close actions are believed.
    public func exposure(from position: Amount?) -> Exposure {
        if movesNothing { return .unchanged }
        if action.isClose || side == .close { return closing(position) }
        guard let order = signedQuantity else { return withoutOrder(position) }
        guard let position else {
            return reduceOnly.value == true ? .reduces(quantity: order.magnitude) : .unknown(.positionUnknown)
        }
        return Self.change(position, by: order)
    }

    /// A stop or a hold. With side and quantity it is an order, under any name.
    private var movesNothing: Bool {
        (action == .updateStop || action == .hold) && (side == nil || quantity == .absent)
    }

    /// The signed order if nothing caps it at the position: neither a close nor reduce-only. `nil` for all others.
    public var uncappedOrder: Amount? {
        action.isClose || reduceOnly.value == true ? nil : signedQuantity
    }

    /// Buys positive, sells negative; `nil` if side or quantity is unknown.
    private var signedQuantity: Amount? {
        guard let quantity = quantity.value else { return nil }
        return switch side {
        case .buy: quantity
        case .sell: Amount(units: -quantity.units)
        case .close, nil: nil
        }
    }

    private func closing(_ position: Amount?) -> Exposure {
        guard let position else { return .reduces(quantity: closedQuantity(of: nil)) }
        let isCapped = reduceOnly.value == true
        // A flat position has nothing to close. A capped order opens nothing, and neither does an order without a
        // direction.
        if position.isZero, isCapped || side == .close || side == nil { return .reduces(quantity: .zero) }
        let buys = side == .buy || (side != .sell && position.isNegative)
        let closes = position.isZero || buys == position.isNegative
        switch quantity {
        case .value(let quantity) where closes && (isCapped || quantity <= position.magnitude):
            return .reduces(quantity: closedQuantity(of: position))
        case .value(let quantity):
            return Self.change(position, by: buys ? quantity : Amount(units: -quantity.units))
        case .absent where closes, .malformed where closes && isCapped, .nonFinite where closes && isCapped:
            return .reduces(quantity: closedQuantity(of: position))
        case .absent, .malformed, .nonFinite:
            // The wrong side, or a quantity that another reader may read as any number.
            return .unknown(quantity.abstainReason(absent: .quantityUnknown))
        }
    }

    /// The quantity to close: the smallest that the plan names, at most the position.
    private func closedQuantity(of position: Amount?) -> Amount? {
        let part = position.flatMap { position in
            closeFraction.flatMap { try? position.magnitude.multiplied(by: $0, rounding: .towardZero) }
        }
        // The `qty` of a partial close may be the whole position: it is only an upper bound.
        let isPartial = action == .partialClose || (closeFraction ?? .one) < .one
        if isPartial, part == nil, closeQuantity == nil, position?.isZero != true { return nil }
        return Self.smaller(Self.smaller(part, closeQuantity), Self.smaller(quantity.value, position?.magnitude))
    }

    private static func smaller(_ left: Amount?, _ right: Amount?) -> Amount? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }

    /// Neither a close nor an order of known side and quantity.
    private func withoutOrder(_ position: Amount?) -> Exposure {
        if reduceOnly.value == true {
            guard let position else { return .reduces(quantity: nil) }
            let closes = (side == .buy && position.isNegative) || (side == .sell && position.isPositive)
            if closes, quantity == .absent { return .reduces(quantity: nil) }
        }
        return .unknown(side == nil ? .sideUnknown : quantity.abstainReason(absent: .quantityUnknown))
    }

    /// `order` is not zero.
    private static func change(_ position: Amount, by order: Amount) -> Exposure {
        // Compared by direction and size, because the sum of the largest amounts saturates.
        if !position.isZero, order.isNegative != position.isNegative, order.magnitude <= position.magnitude {
            return .reduces(quantity: order.magnitude)
        }
        let (units, overflow) = position.units.addingReportingOverflow(order.units)
        return .adds(
            before: position,
            after: overflow ? (order.isNegative ? Amount(units: -Amount.max.units) : .max) : Amount(units: units))
    }
}
