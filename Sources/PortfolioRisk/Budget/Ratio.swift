package import GateAPI

/// A ratio with eighteen decimals: heat, stress or volatility.
///
/// Further digits are rounded up, so stress is never understated. Beyond ±``limit`` the ratio saturates, so that an
/// absurd heat gives the greatest stress instead of none.
package struct Ratio: Sendable, Hashable {
    /// The number of 10⁻¹⁸ units, within ±10²⁷.
    let units: Int128

    static let unitsPerOne: Int128 = 1_000_000_000_000_000_000
    /// One billion.
    static let limit = Ratio(units: 1_000_000_000 * unitsPerOne)

    package static let zero = Ratio(units: 0)
    package static let one = Ratio(units: unitsPerOne)

    private init(units: Int128) {
        self.units = units
    }

    init(saturating units: Int128) {
        self.init(units: min(max(units, -1_000_000_000 * Self.unitsPerOne), 1_000_000_000 * Self.unitsPerOne))
    }

    package init(_ amount: Amount) {
        self.init(saturating: amount.units(decimals: 18, .upward(amount)))
    }

    /// Parses decimal text as ``Amount`` does. Throws ``AmountError/notANumber`` or ``AmountError/nonFinite``.
    package init(_ text: String) throws(AmountError) {
        let isNegative = text.drop(while: \.isWhitespace).hasPrefix("-")
        do throws(AmountError) {
            self.init(try Amount(ascii: Array(text.utf8).span, rounding: isNegative ? .towardZero : .awayFromZero))
        } catch .overflow {
            self.init(saturating: isNegative ? .min : .max)
        }
    }

    package var magnitude: Ratio { Ratio(units: abs(units)) }

    /// Every ratio within the limit is an amount.
    package var amount: Amount { Amount(units: units * 100) }
}

extension AmountRounding {
    /// Up, for an amount of this sign.
    static func upward(_ amount: Amount) -> AmountRounding { amount.isNegative ? .towardZero : .awayFromZero }
}

extension Ratio: Comparable {
    package static func < (left: Ratio, right: Ratio) -> Bool { left.units < right.units }
}

extension Ratio: CustomStringConvertible {
    /// The plain decimal form: no exponent, no trailing zeros.
    package var description: String {
        let (whole, fraction) = units.magnitude.quotientAndRemainder(dividingBy: Self.unitsPerOne.magnitude)
        let sign = units < 0 ? "-" : ""
        guard fraction > 0 else { return "\(sign)\(whole)" }
        let digits = String(fraction)
        let padded = String(repeating: "0", count: 18 - digits.count) + digits
        return "\(sign)\(whole)." + padded.reversed().drop { $0 == "0" }.reversed()
    }

    /// For gauges only; no decision uses it.
    var approximate: Double { Double(units) / 1e18 }
}
