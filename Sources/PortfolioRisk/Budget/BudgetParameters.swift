package import GateAPI

/// The parameters of the budget formula.
package struct BudgetParameters: Sendable, Equatable {
    /// The share of the equity that a symbol without stress may hold.
    package var baseRisk: Amount
    /// Weights of heat, cluster stress and volatility.
    package var alpha: Amount
    package var beta: Amount
    package var gamma: Amount
    /// Bounds of a budget, in USD.
    package var minimum: Amount
    package var maximum: Amount
    /// Caps each budget at the equity; without it, `minimum` could exceed a tiny equity.
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

/// The stress components of a symbol. They are not clamped; only their weighted sum is.
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
