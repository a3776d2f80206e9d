/// The rounding of a result with more than eight decimals.
public enum AmountRounding: Sendable {
    /// To the nearest, ties to even.
    case toNearest
    /// Away from zero. For a value that is compared with a limit: it is never understated.
    case awayFromZero
    /// Toward zero. For a value that is granted: it is never overstated.
    case towardZero
}

extension Amount {
    public static func + (left: Amount, right: Amount) throws(AmountError) -> Amount {
        let (units, overflow) = left.units.addingReportingOverflow(right.units)
        guard !overflow else { throw .overflow }
        return Amount(units: units)
    }

    public static func - (left: Amount, right: Amount) throws(AmountError) -> Amount {
        let (units, overflow) = left.units.subtractingReportingOverflow(right.units)
        guard !overflow else { throw .overflow }
        return Amount(units: units)
    }

    /// The product, rounded to the nearest eighth decimal, ties to even.
    public static func * (left: Amount, right: Amount) throws(AmountError) -> Amount {
        try left.multiplied(by: right, rounding: .toNearest)
    }

    /// The product. Rounded away from zero, it exceeds a limit if and only if the exact product does, because the limit
    /// itself has at most eight decimals.
    public func multiplied(by other: Amount, rounding: AmountRounding) throws(AmountError) -> Amount {
        let negative = (units < 0) != (other.units < 0)
        let scale = UInt128(Self.unitsPerOne)
        let left = units.magnitude
        let right = other.units.magnitude
        if left <= UInt128(UInt64.max), right <= UInt128(UInt64.max) {
            let (quotient, remainder) = Self.divide(left &* right, by: scale)
            return try Self.rounded(quotient, remainder, of: scale, negative: negative, rounding)
        }
        let product = left.multipliedFullWidth(by: right)
        guard product.high < scale else { throw .overflow }
        let (quotient, remainder) = scale.dividingFullWidth(product)
        return try Self.rounded(quotient, remainder, of: scale, negative: negative, rounding)
    }

    /// The quotient. Throws ``AmountError/divisionByZero`` or ``AmountError/overflow``.
    public func divided(by divisor: Amount, rounding: AmountRounding = .toNearest) throws(AmountError) -> Amount {
        guard !divisor.isZero else { throw .divisionByZero }
        let negative = (units < 0) != (divisor.units < 0)
        let magnitude = divisor.units.magnitude
        let scaled = units.magnitude.multipliedFullWidth(by: UInt128(Self.unitsPerOne))
        guard scaled.high < magnitude else { throw .overflow }
        let (quotient, remainder) =
            scaled.high == 0 ? Self.divide(scaled.low, by: magnitude) : magnitude.dividingFullWidth(scaled)
        return try Self.rounded(quotient, remainder, of: magnitude, negative: negative, rounding)
    }

    /// Most divisors and quotients fit one machine word. The processor's own division costs a tenth of the 128-bit
    /// routine.
    static func divide(_ dividend: UInt128, by divisor: UInt128) -> (quotient: UInt128, remainder: UInt128) {
        let high = UInt64(truncatingIfNeeded: dividend >> 64)
        if divisor <= UInt128(UInt64.max), high < UInt64(truncatingIfNeeded: divisor) {
            let low = UInt64(truncatingIfNeeded: dividend)
            let divisor = UInt64(truncatingIfNeeded: divisor)
            let (quotient, remainder) =
                high == 0 ? low.quotientAndRemainder(dividingBy: divisor) : divisor.dividingFullWidth((high, low))
            return (UInt128(quotient), UInt128(remainder))
        }
        return dividend.quotientAndRemainder(dividingBy: divisor)
    }

    static func rounded(
        _ quotient: UInt128, _ remainder: UInt128, of divisor: UInt128, negative: Bool, _ rounding: AmountRounding
    ) throws(AmountError) -> Amount {
        let up =
            switch rounding {
            case .towardZero: false
            case .awayFromZero: remainder != 0
            case .toNearest: remainder > divisor - remainder || (remainder == divisor - remainder && quotient & 1 == 1)
            }
        let limit = Int128.max.magnitude + (negative ? 1 : 0)
        guard quotient <= limit, !(up && quotient == limit) else { throw .overflow }
        // The magnitude is within the limit, so its bit pattern, negated if needed, is the number in two's complement.
        let pattern = Int128(truncatingIfNeeded: quotient + (up ? 1 : 0))
        return Amount(units: negative ? 0 &- pattern : pattern)
    }
}
