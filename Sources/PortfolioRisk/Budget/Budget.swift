package import GateAPI

/// A budget, and what capped it.
package struct Budget: Sendable, Equatable {
    /// In USD, zero or more.
    package var amount: Amount
    package let isCappedAtEquity: Bool
    /// The cap on the sum of all budgets made it smaller.
    package var isShared = false

    /// The decimals of a budget, rounded toward zero.
    static let decimals = 8

    /// The text of the record's field `capped`.
    var cap: String { isShared ? "sum" : isCappedAtEquity ? "equity" : "none" }
}
