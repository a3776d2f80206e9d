package import GateAPI

extension BudgetParameters {
    /// α·heat + β·cluster + γ·volatility, clamped to 0…1. The sum is exact at 26 decimals. Its last eight
    /// decimals are rounded up, so stress is never understated.
    package func stress(_ inputs: StressInputs) -> Ratio {
        let sum = Self.sum(
            Self.sum(Self.product(alpha.units, inputs.heat.units), Self.product(beta.units, inputs.cluster.units)),
            Self.product(gamma.units, inputs.volatility.units))
        let (quotient, remainder) = max(sum, 0).quotientAndRemainder(dividingBy: 100_000_000)
        return min(.one, Ratio(saturating: quotient == .max ? quotient : quotient + remainder.signum()))
    }

    /// equity × base risk × (1 − stress), clamped to the bounds; `nil` without a positive equity. One exact
    /// division at the end rounds toward zero, so a budget never exceeds the formula.
    package func budget(equity: Amount, stress: Ratio) -> Budget? {
        guard equity.isPositive else { return nil }
        let unbounded = Self.unboundedBudget(
            equity, baseRisk, unstressed: Ratio.unitsPerOne.magnitude - min(stress.magnitude, .one).units.magnitude)
        let bounded = max(minimum, min(maximum, unbounded))
        guard capAtEquity, bounded > equity else { return Budget(amount: bounded, isCappedAtEquity: false) }
        return Budget(amount: equity, isCappedAtEquity: true)
    }

    /// Multiplies 8 + 8 + 18 decimals in 256 bits and reduces them to eight. A product that does not fit exceeds any
    /// maximum.
    private static func unboundedBudget(_ equity: Amount, _ baseRisk: Amount, unstressed: UInt128) -> Amount {
        guard unstressed > 0, baseRisk.isPositive else { return .zero }
        let (base, overflow) = equity.units.magnitude.multipliedReportingOverflow(by: baseRisk.units.magnitude)
        guard !overflow else { return .max }
        let divisor: UInt128 = 100_000_000_000_000_000_000_000_000
        let product = base.multipliedFullWidth(by: unstressed)
        guard product.high < divisor else { return .max }
        return Int128(exactly: divisor.dividingFullWidth(product).quotient).map(Amount.init(units:)) ?? .max
    }

    private static func product(_ left: Int128, _ right: Int128) -> Int128 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? ((left < 0) == (right < 0) ? .max : .min) : product
    }

    private static func sum(_ left: Int128, _ right: Int128) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (left < 0 ? .min : .max) : sum
    }
}
