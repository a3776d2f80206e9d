package import GateAPI

/// Adds up the portfolio's risk, Σ |quantity × mark| · σ, rounded away from zero throughout: too large to be held is
/// the largest there is.
package struct HeatSum: Sendable, Equatable {
    package private(set) var totalRisk: Amount = .zero
    /// Positions that are not flat.
    package private(set) var positions = 0

    package init() {}

    package mutating func add(quantity: Amount, mark: Amount, sigma: Amount) {
        guard !quantity.isZero else { return }
        positions += 1
        do throws(AmountError) {
            let notional = try quantity.magnitude.multiplied(by: mark, rounding: .awayFromZero)
            totalRisk = try totalRisk + notional.multiplied(by: sigma, rounding: .awayFromZero)
        } catch {
            totalRisk = .max
        }
    }

    /// Counts a position that is held, but whose price is not known.
    package mutating func addUnpriced() {
        positions += 1
    }

    /// The risk as a share of the equity; `nil` where there is none.
    package func heat(equity: Amount) -> Amount? {
        guard equity.isPositive else { return nil }
        return (try? totalRisk.divided(by: equity, rounding: .awayFromZero)) ?? .max
    }
}
