package import GateAPI

/// A ratio with eighteen decimals: heat, stress or volatility.
///
/// Eight decimals are too few: in the budget of a large portfolio, half a unit of cluster stress is worth ten
/// thousandths of a cent. Beyond ±``limit`` the ratio saturates, so that an absurd heat gives the greatest stress
/// instead of none.
package struct Ratio: Sendable, Hashable {
    /// The number of 10⁻¹⁸ units, within ±10²⁷.
    let units: Int128

    static let unitsPerOne: Int128 = 1_000_000_000_000_000_000
    /// One billion. With weights of up to 100, the sum of three products still fits 128 bits at 26 decimals.
    static let limit = Ratio(units: 1_000_000_000 * unitsPerOne)
    private static let unitsPerAmountUnit = unitsPerOne / 100_000_000

    package static let zero = Ratio(units: 0)
    package static let one = Ratio(units: unitsPerOne)

    private init(units: Int128) {
        self.units = units
    }

    init(saturating units: Int128) {
        self.init(units: min(max(units, -1_000_000_000 * Self.unitsPerOne), 1_000_000_000 * Self.unitsPerOne))
    }

    package init(_ amount: Amount) {
        let (units, overflow) = amount.units.multipliedReportingOverflow(by: Self.unitsPerAmountUnit)
        self.init(saturating: overflow ? (amount.isNegative ? .min : .max) : units)
    }

    /// Parses decimal text as ``Amount`` does. Throws ``AmountError/notANumber`` or ``AmountError/nonFinite``.
    package init(_ text: String) throws(AmountError) {
        do throws(AmountError) {
            // Moving the point ten places to the right gives ten more decimals.
            let coarse = try Amount(text)
            guard Ratio(coarse).magnitude <= Self.limit else {
                self.init(coarse)
                return
            }
            self.init(saturating: try Amount(Self.movingPoint(of: text, by: Self.extraDigits)).units)
        } catch .overflow {
            self.init(saturating: text.drop(while: \.isWhitespace).hasPrefix("-") ? .min : .max)
        }
    }

    private static let extraDigits = 10

    private static func movingPoint(of text: String, by places: Int) -> String {
        let text = text.filter { !$0.isWhitespace && $0 != "_" }
        guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return "\(text)e\(places)" }
        // A zero may have any exponent. For any other number the exponent can only be very small here, because the
        // coarse parse has handled large ones.
        let exponent = Int(text[text.index(after: mark)...]).map { min(max($0, -100_000), 100_000) } ?? -100_000
        return "\(text[..<mark])e\(exponent + places)"
    }

    package var magnitude: Ratio { Ratio(units: abs(units)) }

    /// Rounded away from zero at eight decimals, so that it is never understated.
    package var amount: Amount {
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: Self.unitsPerAmountUnit)
        return Amount(units: quotient + remainder.signum())
    }
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
