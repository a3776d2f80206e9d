package import GateAPI

/// The price that an order is valued at.
package struct OrderPrice: Sendable, Equatable {
    /// In quote asset, positive.
    package let amount: Amount
    /// The plan's price, if it lies outside the collar.
    package let outside: Amount?
    /// Whether the plan alone says it.
    package let isUnverified: Bool

    /// `nil` if neither the plan nor the position has a price.
    package init?(of intent: Intent, mark: Amount?, _ settings: PriceSettings) {
        guard let own = intent.price.value else {
            guard let mark else { return nil }
            amount = mark
            outside = nil
            isUnverified = false
            return
        }
        guard let mark else {
            amount = own
            outside = nil
            isUnverified = true
            return
        }
        isUnverified = false
        outside = Self.isWithin(settings.priceCollar, own, mark) ? nil : own
        amount =
            switch settings.valuation {
            case .plan: outside == nil ? own : mark
            case .higher: max(own, mark)
            }
    }

    /// An overflow is outside any collar.
    private static func isWithin(_ percent: Amount, _ price: Amount, _ mark: Amount) -> Bool {
        let distance = price.less(mark).magnitude
        guard let hundredfold = try? distance.multiplied(by: 100, rounding: .awayFromZero),
            let width = try? mark.multiplied(by: percent, rounding: .towardZero)
        else { return false }
        return hundredfold <= width
    }

    /// Says in the evidence what is wrong with the plan's price, and has it counted.
    package func show(in evidence: inout Evidence) {
        if isUnverified { evidence.add(.unverifiedPrice, "price_unverified", amount) }
        if let outside { evidence.add(.collaredPrice, "price_outside_collar", outside) }
    }

    /// Whether the gate must abstain instead of passing the order.
    package func isDoubted(_ settings: PriceSettings) -> Bool {
        isUnverified && settings.unverifiedPrice == .abstain
    }
}
