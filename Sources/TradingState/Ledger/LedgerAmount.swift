package import GateAPI

/// An amount as the ledger keeps it: as one or two integers, so that Redis adds and subtracts them exactly by itself.
///
/// The ledger has eight decimals. An amount with more is rounded away from zero: no share is understated.
///
/// Amounts below 10,000 are counted in units of 0.00000001 alone. Of larger ones the whole part is counted apart, so
/// that no sum of grants leaves the range of 64 bits.
package struct LedgerAmount: Sendable, Equatable {
    package let whole: Int64
    /// Units of 0.00000001.
    package let units: Int64

    /// The largest amount: a larger one counts as this.
    package static let most: Amount = 1_000_000_000_000_000
    private static let unitsPerOne: Int128 = 100_000_000
    private static let largestInUnits: Int128 = 10_000 * unitsPerOne

    package init(_ amount: Amount) {
        let all = min(amount, Self.most).units(decimals: Amount.ledgerDecimals, .awayFromZero)
        whole = all < Self.largestInUnits ? 0 : Int64(all / Self.unitsPerOne)
        units = Int64(all - Int128(whole) * Self.unitsPerOne)
    }

    /// The field's end and value of each integer that is not zero: `0` for units of lane 0, `0w` for whole ones.
    package func forEachPart(lane: Int, _ body: (_ suffix: String, _ value: Int64) -> Void) {
        if units != 0 { body(String(lane), units) }
        if whole != 0 { body("\(lane)w", whole) }
    }

    /// Adds an integer of the ledger to totals; `false` if the field's end or the value is none.
    package static func add(_ suffix: some StringProtocol, _ value: some StringProtocol, to totals: inout LaneTotals)
        -> Bool
    {
        let isWhole = suffix.last == "w"
        guard let lane = Int(isWhole ? suffix.dropLast() : suffix[...]), (0..<LaneTotals.capacity).contains(lane),
            let number = Int64(value)
        else { return false }
        totals.add(isWhole ? Amount(Int(number)) : Amount(units: number, decimals: Amount.ledgerDecimals), to: lane)
        return true
    }
}
