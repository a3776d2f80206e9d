/// What an intent does to the position in its symbol.
public enum Exposure: Sendable, Equatable {
    /// Moves a stop or holds: no order that changes the position.
    case unchanged
    /// The position is smaller or equal afterwards and keeps its sign. `quantity`: what is closed, in base asset; `nil`
    /// where it cannot be known.
    case reduces(quantity: Amount?)
    /// The position grows, or flips. Signed quantities in base asset.
    case adds(before: Amount, after: Amount)
    /// It cannot be told which.
    case unknown(AbstainReason)
}

extension Intent {
    /// Judges the intent against the position, signed, in base asset; `nil` where the position is unknown.
    ///
    /// With a known position only the position before and after counts, not what the publisher calls the plan: a
    /// `reduceOnly` order or a close action whose order would grow or flip the position is an open. The one order
    /// larger than the position that still is a close carries both a close action (or side `CLOSE`) and `reduceOnly`,
    /// so that the exchange caps it; snapshots lag, and closes of "all there is" come out a little too large. With an
    /// unknown position the flag, side `CLOSE` and close actions are believed.
    public func exposure(from position: Amount?) -> Exposure {
        if movesNothing { return .unchanged }
        if action.isClose || side == .close { return closing(position) }
        guard let order = signedQuantity else { return withoutOrder(position) }
        guard let position else {
            return reduceOnly.value == true ? .reduces(quantity: order.magnitude) : .unknown(.positionUnknown)
        }
        return Self.change(position, by: order)
    }

    /// A stop or a hold, unless side and quantity come with it: then it is an order, whatever it is called.
    private var movesNothing: Bool {
        (action == .updateStop || action == .hold) && (side == nil || quantity == .absent)
    }

    /// The order that nothing caps at the position: signed, and neither a close nor reduce-only; `nil` for all others.
    public var uncappedOrder: Amount? {
        action.isClose || reduceOnly.value == true ? nil : signedQuantity
    }

    /// Buys positive, sells negative; `nil` where side or quantity is not known.
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
        // On a flat position there is nothing to close, and neither a capped order nor one without a direction of its
        // own opens anything.
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
            // The wrong side, or a quantity in which another reader may see any number.
            return .unknown(quantity.abstainReason(absent: .quantityUnknown))
        }
    }

    /// What a close means to close: the smallest of all that the plan says of it, at most the position.
    private func closedQuantity(of position: Amount?) -> Amount? {
        let part = position.flatMap { position in
            closeFraction.flatMap { try? position.magnitude.multiplied(by: $0, rounding: .towardZero) }
        }
        // A partial close's `qty` may be the whole position: it bounds the part, but is not it.
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
        // Compared by direction and size, not by the sum: at the ends of what an amount can hold the sum saturates.
        if !position.isZero, order.isNegative != position.isNegative, order.magnitude <= position.magnitude {
            return .reduces(quantity: order.magnitude)
        }
        let (units, overflow) = position.units.addingReportingOverflow(order.units)
        return .adds(
            before: position,
            after: overflow ? (order.isNegative ? Amount(units: -Amount.max.units) : .max) : Amount(units: units))
    }
}
