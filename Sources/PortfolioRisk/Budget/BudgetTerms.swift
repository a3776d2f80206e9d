package import GateAPI

/// The steps from an equity to a symbol's own budget, in USD.
package struct BudgetTerms: Sendable, Equatable {
    /// equity × base risk × (1 − stress).
    package let formula: Amount
    /// The same within the smallest and the largest budget.
    package let bounded: Amount
    /// The same, at most the equity if that caps budgets.
    package let budget: Budget

    /// Without a positive equity.
    static let none = BudgetTerms(
        formula: .zero, bounded: .zero, budget: Budget(amount: .zero, isCappedAtEquity: true))
}

/// The weighted stress components; each is rounded up at 18 decimals.
package struct StressContributions: Sendable, Equatable {
    package let heat: Ratio
    package let cluster: Ratio
    package let volatility: Ratio
}
