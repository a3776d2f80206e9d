/// Amounts as whole numbers of larger units: cents, microseconds, the ledger's hundred-millionths.
extension Amount {
    /// The decimals that the exposure ledger keeps: its sums must fit the 64-bit integers that Redis adds.
    package static let ledgerDecimals = 8

    /// So many units of 10^-`decimals`: `Amount(units: 182_093, decimals: 2)` is 1820.93. Exact for 1...20 decimals.
    package init(units: Int64, decimals: Int) {
        self.init(units: Int128(units) &* Int128(Self.powersOfTen[Self.fractionDigits - decimals]))
    }

    /// The number of units of 10^-`decimals`, for 1...20 decimals.
    package func units(decimals: Int, _ rounding: AmountRounding = .towardZero) -> Int128 {
        let divisor = Self.powersOfTen[Self.fractionDigits - decimals]
        let (quotient, remainder) = Self.divide(units.magnitude, by: divisor)
        let isUp = rounding.isUp(quotient, UInt128(remainder), of: UInt128(divisor))
        // A quotient that can become larger is at most a tenth of the magnitude, so it fits.
        let magnitude = Int128(truncatingIfNeeded: isUp ? quotient &+ 1 : quotient)
        return isNegative ? 0 &- magnitude : magnitude
    }

    /// The amount with so many decimals, 1...20. Beyond the largest amount it becomes the largest of that sign.
    package func rounded(toDecimals decimals: Int, _ rounding: AmountRounding) -> Amount {
        if isZero { return self }
        let divisor = Self.powersOfTen[Self.fractionDigits - decimals]
        let (quotient, remainder) = Self.divide(units.magnitude, by: divisor)
        let isUp = rounding.isUp(quotient, UInt128(remainder), of: UInt128(divisor))
        // Toward zero, then one step away from it.
        let lower = isNegative ? units + Int128(remainder) : units - Int128(remainder)
        guard isUp else { return Amount(units: lower) }
        let (upper, overflow) =
            isNegative
            ? lower.subtractingReportingOverflow(Int128(divisor)) : lower.addingReportingOverflow(Int128(divisor))
        return Amount(units: overflow ? (isNegative ? -.max : .max) : upper)
    }

    static let powersOfTen: InlineArray<20, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]

    private static func divide(_ dividend: UInt128, by divisor: UInt64) -> (quotient: UInt128, remainder: UInt64) {
        let high = UInt64(truncatingIfNeeded: dividend &>> 64)
        let (first, rest) = high < divisor ? (0, high) : high.quotientAndRemainder(dividingBy: divisor)
        let (second, remainder) = divisor.dividingFullWidth((rest, UInt64(truncatingIfNeeded: dividend)))
        return (UInt128(first) &<< 64 | UInt128(second), remainder)
    }
}
