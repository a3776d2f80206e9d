import GateAPI

extension Amount {
    /// The amount with two decimals, like `%.2f`, rounded to the nearest, ties to even. Never a negative zero.
    var cents: String {
        let cents = units(decimals: 2, .toNearest).magnitude
        let (whole, fraction) = cents.quotientAndRemainder(dividingBy: 100)
        return (isNegative && cents > 0 ? "-" : "") + "\(whole)." + (fraction < 10 ? "0" : "") + String(fraction)
    }

    /// The nearest binary float, for gauges only; no decision uses it.
    var gaugeValue: Double { Double(description) ?? 0 }
}
