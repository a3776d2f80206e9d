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

    /// The product, rounded to the nearest twentieth decimal, ties to even.
    public static func * (left: Amount, right: Amount) throws(AmountError) -> Amount {
        try left.multiplied(by: right, rounding: .toNearest)
    }

    /// The product. Rounded away from zero, it exceeds a limit if and only if the exact product does, because the limit
    /// itself has at most twenty decimals.
    public func multiplied(by other: Amount, rounding: AmountRounding) throws(AmountError) -> Amount {
        guard let (quotient, remainder) = WideProduct(units.magnitude, other.units.magnitude).dividedByUnitsPerOne()
        else { throw .overflow }
        return try Self.rounded(
            quotient, remainder, of: Self.unitsPerOne.magnitude, negative: isNegative != other.isNegative, rounding)
    }

    /// The quotient. Throws ``AmountError/divisionByZero`` or ``AmountError/overflow``.
    public func divided(by divisor: Amount, rounding: AmountRounding = .toNearest) throws(AmountError) -> Amount {
        guard !divisor.isZero else { throw .divisionByZero }
        let magnitude = divisor.units.magnitude
        guard
            let (quotient, remainder) = WideProduct(units.magnitude, Self.unitsPerOne.magnitude).divided(by: magnitude)
        else { throw .overflow }
        return try Self.rounded(
            quotient, remainder, of: magnitude, negative: isNegative != divisor.isNegative, rounding)
    }

    @inline(__always)
    static func rounded(
        _ quotient: UInt128, _ remainder: UInt128, of divisor: UInt128, negative: Bool, _ rounding: AmountRounding
    ) throws(AmountError) -> Amount {
        let isUp = rounding.isUp(quotient, remainder, of: divisor)
        let limit = Int128.max.magnitude + (negative ? 1 : 0)
        guard quotient <= limit, !(isUp && quotient == limit) else { throw .overflow }
        // The magnitude is within the limit, so its bit pattern, negated if needed, is the number in two's complement.
        let pattern = Int128(truncatingIfNeeded: quotient + (isUp ? 1 : 0))
        return Amount(units: negative ? 0 &- pattern : pattern)
    }
}
