package import GateAPI

/// Limits the sum of all budgets to a multiple of the equity. Pure and exact.
///
/// The rule: if the sum is greater than the limit, every budget is multiplied by limit / sum and rounded toward zero.
/// So no order of the symbols counts, and no rounding takes the sum above the limit.
package struct BudgetCap: Sendable, Equatable {
    /// Of the equity; zero: no limit.
    package let multiple: Amount

    package init(multiple: Amount) {
        self.multiple = multiple
    }

    /// In USD, zero or more, with the decimals of a budget; `nil` without a limit.
    package func limit(equity: Amount) -> Amount? {
        guard !multiple.isZero else { return nil }
        let limit = (try? max(equity, .zero).multiplied(by: multiple, rounding: .towardZero)) ?? .max
        return limit.rounded(toDecimals: Budget.decimals, .towardZero)
    }

    /// The budgets within the limit, in the same order.
    /// - Parameter reserved: what budgets take that cannot be changed, zero or more.
    package func share(_ budgets: [Amount], equity: Amount, reserved: Amount) -> [Amount] {
        guard let limit = limit(equity: equity) else { return budgets }
        let room = max((try? limit - reserved) ?? .zero, .zero)
        // Counted in the decimals of a budget, the sum of any billion amounts fits 128 bits.
        let sum = budgets.reduce(0) { $0 + Self.count($1, .awayFromZero) }
        let roomCount = Self.count(room, .towardZero)
        guard sum > roomCount else { return budgets }
        return budgets.map { budget in
            // budget <= sum, so the quotient is at most the room and fits.
            let product = Self.count(budget, .towardZero).multipliedFullWidth(by: roomCount)
            return Amount(units: Int128(sum.dividingFullWidth(product).quotient) * Self.unitsPerCount)
        }
    }

    /// Number of the smallest steps of a budget.
    private static func count(_ amount: Amount, _ rounding: AmountRounding) -> UInt128 {
        amount.units(decimals: Budget.decimals, rounding).magnitude
    }

    private static let unitsPerCount = Amount(units: 1, decimals: Budget.decimals).units

    /// The sum of amounts of zero or more; one that overflows is the largest amount.
    static func sum(_ amounts: [Amount]) -> Amount {
        amounts.reduce(.zero) { sum, amount in (try? sum + amount) ?? .max }
    }
}
