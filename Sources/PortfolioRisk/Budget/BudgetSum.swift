package import GateAPI

/// The sum of all budgets and its limit, in USD.
package struct BudgetSum: Sendable, Equatable {
    /// Of the symbols' own budgets, before the limit.
    package var own: Amount = .zero
    /// Of live budgets of symbols that are no longer computed.
    package var reserved: Amount = .zero
    /// Of all budgets that readers may see.
    package var total: Amount = .zero
    /// `nil` without a limit.
    package var limit: Amount?
    /// The limit made the budgets smaller.
    package var isBinding = false
}
