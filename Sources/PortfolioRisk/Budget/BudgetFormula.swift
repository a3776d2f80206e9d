package import GateAPI
import TradingState

extension BudgetParameters {
    /// α·heat + β·cluster + γ·volatility, clamped to 0…1. Each product is rounded up, so stress is never understated.
    package func stress(_ inputs: StressInputs) -> Ratio {
        let terms = [(alpha, inputs.heat), (beta, inputs.cluster), (gamma, inputs.volatility)]
        let sum = terms.reduce(Amount.zero) { $0.plus(Self.product($1.0, $1.1.amount)) }
        return min(.one, max(.zero, Ratio(sum)))
    }

    /// equity × base risk × (1 − stress), clamped to the bounds; `nil` without a positive equity. Rounded toward zero, so
    /// a budget never exceeds the formula.
    package func budget(equity: Amount, stress: Ratio) -> Budget? {
        guard equity.isPositive else { return nil }
        let unstressed = Ratio(saturating: Ratio.unitsPerOne - min(stress.magnitude, .one).units)
        // A product that does not fit exceeds any maximum.
        let unbounded =
            (try? equity.multiplied(by: baseRisk, rounding: .towardZero)
                .multiplied(by: unstressed.amount, rounding: .towardZero)) ?? .max
        let bounded = max(minimum, min(maximum, unbounded))
        let isCapped = capAtEquity && bounded > equity
        let amount = (isCapped ? equity : bounded).rounded(toDecimals: Self.decimals, .towardZero)
        return Budget(amount: amount, isCappedAtEquity: isCapped)
    }

    /// The decimals of a budget.
    private static let decimals = 8

    /// The product, rounded up; beyond the largest amount, the largest of its sign.
    private static func product(_ left: Amount, _ right: Amount) -> Amount {
        let isNegative = left.isNegative != right.isNegative
        let product = try? left.multiplied(by: right, rounding: isNegative ? .towardZero : .awayFromZero)
        return product ?? (isNegative ? Amount.zero.less(.max) : .max)
    }
}
