import GateAPI

extension Amount {
    /// The amount with two decimals, like `%.2f`, rounded to the nearest, ties to even. Never a negative zero.
    var cents: String {
        let perCent: UInt128 = 1_000_000
        var (cents, rest) = units.magnitude.quotientAndRemainder(dividingBy: perCent)
        if rest > perCent / 2 || (rest == perCent / 2 && cents & 1 == 1) { cents += 1 }
        let (whole, fraction) = cents.quotientAndRemainder(dividingBy: 100)
        return (isNegative && cents > 0 ? "-" : "") + "\(whole)." + (fraction < 10 ? "0" : "") + String(fraction)
    }

    /// The nearest binary float, for gauges only; no decision uses it.
    var gaugeValue: Double { Double(units) / 100_000_000 }
}
