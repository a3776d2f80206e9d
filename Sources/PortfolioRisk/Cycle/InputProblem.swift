/// Inputs that can be missing, stale or malformed. The raw values are metric labels.
package enum InputProblem: String, Sendable, CaseIterable {
    case portfolioState = "portfolio_state"
    case budgetHash = "budget_hash"
    case heat
    case cluster
    case market
    case position
}
