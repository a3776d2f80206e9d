/// An exact decimal number with twenty digits after the point: money, quantities, prices, ratios.
///
/// An amount is a count of 10⁻²⁰ units in 128 bits: every value up to about 1.7e18 is exact. Arithmetic is checked: it
/// throws ``AmountError``. It never traps, never wraps, and never passes through binary floating point.
///
/// Twenty decimals are the fewest that keep every digit of a binary float as Python prints it without an exponent: such
/// a float is at least 0.0001 and has at most 17 significant digits. More decimals would cost range: with 22, a thousand
/// grants of the largest amount that the ledger counts, 1e15, would overflow.
public struct Amount: Sendable, Hashable {
    // Two words: an `Int128` is aligned to 16 bytes, and that slows down every value that holds an amount.
    @usableFromInline let low: UInt64
    @usableFromInline let high: Int64

    /// The number of 10⁻²⁰ units.
    @inlinable package var units: Int128 {
        Int128(truncatingIfNeeded: high) << 64 | Int128(truncatingIfNeeded: low)
    }

    /// Digits after the decimal point.
    package static let fractionDigits = 20
    static var unitsPerOne: Int128 { 100_000_000_000_000_000_000 }

    @inlinable public static var zero: Amount { Amount(units: 0) }
    package static let one = Amount(units: unitsPerOne)
    /// The largest amount, about 1.7e18. A gate uses it in place of a result that overflows.
    public static let max = Amount(units: .max)

    @inlinable
    package init(units: Int128) {
        low = UInt64(truncatingIfNeeded: units)
        high = Int64(truncatingIfNeeded: units >> 64)
    }

    /// A whole number. Beyond about ±1.7e18 it becomes the largest amount of that sign.
    public init(_ whole: Int) {
        let (units, overflow) = Int128(whole).multipliedReportingOverflow(by: Self.unitsPerOne)
        self.init(units: overflow ? (whole < 0 ? -.max : .max) : units)
    }

    /// A ratio in hundredths: `Amount(percent: 25)` is 0.25.
    public init(percent: Int) {
        self.init(units: Int128(percent) * (Self.unitsPerOne / 100))
    }

    @inlinable public var isNegative: Bool { units < 0 }
    @inlinable public var isZero: Bool { units == 0 }
    @inlinable public var isPositive: Bool { units > 0 }

    /// The absolute value. The smallest negative amount has none and gives ``max``.
    public var magnitude: Amount {
        units == .min ? .max : Amount(units: Swift.abs(units))
    }
}

extension Amount: Comparable {
    @inlinable
    public static func < (left: Amount, right: Amount) -> Bool { left.units < right.units }
}

extension Amount: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) {
        self.init(value)
    }
}

/// Why an amount could not be parsed or computed.
public enum AmountError: Error, Hashable, Sendable {
    /// The text is not a decimal number.
    case notANumber
    /// The text says `nan`, `inf` or `infinity`.
    case nonFinite
    /// The result does not fit 128 bits at twenty decimals.
    case overflow
    case divisionByZero
}
