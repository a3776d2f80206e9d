package import GateAPI

/// Sums the portfolio's risk, Σ |quantity × mark| · σ, rounded away from zero. A sum that overflows becomes the
/// largest amount.
package struct HeatSum: Sendable, Equatable {
    package private(set) var totalRisk: Amount = .zero
    /// Σ |quantity × mark|, in USD, of the positions with a price.
    package private(set) var grossExposure: Amount = .zero
    /// Number of open positions.
    package private(set) var positions = 0

    package init() {}

    package mutating func add(quantity: Amount, mark: Amount, sigma: Amount) {
        guard !quantity.isZero else { return }
        positions += 1
        let notional = (try? quantity.magnitude.multiplied(by: mark, rounding: .awayFromZero)) ?? .max
        grossExposure = (try? grossExposure + notional) ?? .max
        do throws(AmountError) {
            totalRisk = try totalRisk + notional.multiplied(by: sigma, rounding: .awayFromZero)
        } catch {
            totalRisk = .max
        }
    }

    /// Counts an open position without a known price.
    package mutating func addUnpriced() {
        positions += 1
    }

    /// The decimals of heat and risk in records, rounded up.
    static let decimals = 8

    /// The risk as a share of the equity; `nil` without a positive equity.
    package func heat(equity: Amount) -> Amount? {
        guard equity.isPositive else { return nil }
        let heat = (try? totalRisk.divided(by: equity, rounding: .awayFromZero)) ?? .max
        return heat.rounded(toDecimals: Self.decimals, .awayFromZero)
    }
}
