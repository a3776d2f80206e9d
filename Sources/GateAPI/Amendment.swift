/// A milder form of an intent. An amendment that asks for more than the intent does is a failure of the gate.
public enum Amendment: Sendable, Equatable {
    /// A smaller order, in base asset; positive.
    case quantity(Amount)
    /// A smaller part of the position to close, in (0, 1).
    case closeFraction(Amount)
    /// An order that can only reduce the position, of at most this quantity in base asset; positive.
    case reduceOnly(Amount)
    /// A longer wait before the next order in the symbol.
    case extraCooldown(Duration)
}

extension Intent {
    /// The intent in the milder form, `nil` if the amendment asks for more than the intent does.
    package func amended(_ amendment: Amendment) -> Intent? {
        var amended = self
        switch amendment {
        case .quantity(let smaller):
            guard let current = quantity.value, smaller.isPositive, smaller <= current else { return nil }
            amended.quantity = .value(smaller)
        case .closeFraction(let smaller):
            guard let current = closeFraction, smaller.isPositive, smaller <= current else { return nil }
            amended.closeFraction = smaller
        case .reduceOnly(let most):
            guard most.isPositive, quantity.value.map({ most <= $0 }) ?? true else { return nil }
            amended.quantity = .value(most)
            amended.isGrantedCapped = true
        case .extraCooldown(let wait):
            guard wait >= .zero else { return nil }
        }
        return amended
    }
}
