package import GateAPI

/// What turns a portfolio's state into budgets.
package struct BudgetParameters: Sendable, Equatable {
    /// The part of the equity that an unstressed symbol may hold.
    package var baseRisk: Amount
    /// Weights of heat, cluster stress and volatility.
    package var alpha: Amount
    package var beta: Amount
    package var gamma: Amount
    /// Bounds of a budget, in USD.
    package var minimum: Amount
    package var maximum: Amount
    /// No budget beyond the equity itself, which the minimum would give to a tiny account.
    package var capAtEquity: Bool

    package init(
        baseRisk: Amount, alpha: Amount, beta: Amount, gamma: Amount, minimum: Amount, maximum: Amount,
        capAtEquity: Bool
    ) {
        self.baseRisk = baseRisk
        self.alpha = alpha
        self.beta = beta
        self.gamma = gamma
        self.minimum = minimum
        self.maximum = maximum
        self.capAtEquity = capAtEquity
    }
}

/// What strains a symbol. Not clamped: only their weighted sum is.
package struct StressInputs: Sendable, Equatable {
    package var heat: Ratio
    package var cluster: Ratio
    package var volatility: Ratio

    package init(heat: Ratio, cluster: Ratio, volatility: Ratio) {
        self.heat = heat
        self.cluster = cluster
        self.volatility = volatility
    }
}

/// A budget, and whether it was held down to the equity.
package struct Budget: Sendable, Equatable {
    package let amount: Amount
    package let isCappedAtEquity: Bool
}
