package import GateAPI
import TradingState

extension BudgetParameters {
    /// α·heat + β·cluster + γ·volatility, clamped to 0…1. Each product is rounded up, so stress is never understated.
    package func stress(_ inputs: StressInputs) -> Ratio {
        let terms = products(inputs)
        let sum = terms.heat.plus(terms.cluster).plus(terms.volatility)
        return min(.one, max(.zero, Ratio(sum)))
    }

    /// The terms of the sum in ``stress(_:)``.
    package func contributions(_ inputs: StressInputs) -> StressContributions {
        let terms = products(inputs)
        return StressContributions(
            heat: Ratio(terms.heat), cluster: Ratio(terms.cluster), volatility: Ratio(terms.volatility))
    }

    private func products(_ inputs: StressInputs) -> (heat: Amount, cluster: Amount, volatility: Amount) {
        (
            Self.product(alpha, inputs.heat.amount), Self.product(beta, inputs.cluster.amount),
            Self.product(gamma, inputs.volatility.amount)
        )
    }

    /// equity × base risk × (1 − stress), clamped to the bounds; `nil` without a positive equity. Rounded toward zero, so
    /// a budget never exceeds the formula.
    package func budget(equity: Amount, stress: Ratio) -> Budget? {
        terms(equity: equity, stress: stress)?.budget
    }

    /// The steps to ``budget(equity:stress:)``.
    package func terms(equity: Amount, stress: Ratio) -> BudgetTerms? {
        guard equity.isPositive else { return nil }
        let unstressed = Ratio(saturating: Ratio.unitsPerOne - min(stress.magnitude, .one).units)
        // A product that does not fit exceeds any maximum.
        let formula =
            (try? equity.multiplied(by: baseRisk, rounding: .towardZero)
                .multiplied(by: unstressed.amount, rounding: .towardZero)) ?? .max
        let bounded = max(minimum, min(maximum, formula))
        let isCapped = capAtEquity && bounded > equity
        return BudgetTerms(
            formula: Self.rounded(formula), bounded: Self.rounded(bounded),
            budget: Budget(amount: Self.rounded(isCapped ? equity : bounded), isCappedAtEquity: isCapped))
    }

    private static func rounded(_ amount: Amount) -> Amount { amount.rounded(toDecimals: Budget.decimals, .towardZero) }

    /// The product, rounded up; beyond the largest amount, the largest of its sign.
    private static func product(_ left: Amount, _ right: Amount) -> Amount {
        let isNegative = left.isNegative != right.isNegative
        let product = try? left.multiplied(by: right, rounding: isNegative ? .towardZero : .awayFromZero)
        return product ?? (isNegative ? Amount.zero.less(.max) : .max)
    }
}
