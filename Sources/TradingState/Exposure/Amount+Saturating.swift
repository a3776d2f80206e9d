package import GateAPI

extension Amount {
    /// The sum; beyond the largest amount, the largest of that sign.
    package func plus(_ other: Amount) -> Amount {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        return overflow ? Amount(units: other.isNegative ? -Amount.max.units : Amount.max.units) : Amount(units: sum)
    }

    /// The difference; beyond the largest amount, the largest of that sign.
    package func less(_ other: Amount) -> Amount {
        let (difference, overflow) = units.subtractingReportingOverflow(other.units)
        return overflow
            ? Amount(units: other.isNegative ? Amount.max.units : -Amount.max.units) : Amount(units: difference)
    }

    static prefix func - (amount: Amount) -> Amount { .zero.less(amount) }
}
