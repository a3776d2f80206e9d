extension Amount {
    /// Appends the plain decimal form: no exponent, no trailing zeros (`1868`, `1820.93`, `-0.00000001`).
    package func write(to output: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.maximumTextBytes) { scratch in
            guard let start = scratch.baseAddress else { return }
            output.append(contentsOf: UnsafeBufferPointer(start: start, count: write(to: start)))
        }
    }

    /// The longest text: a sign, 19 digits, a point and twenty digits more.
    package static let maximumTextBytes = 41

    /// Writes the plain decimal form; `start` must have room for ``maximumTextBytes``. Returns how many bytes it took.
    package func write(to start: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        if isNegative {
            start[0] = UInt8(ascii: "-")
            count = 1
        }
        // The whole part of any amount fits one word.
        let (whole, fraction) = Self.split(units.magnitude)
        count += Self.write(whole: whole, to: start + count)
        return count + Self.write(fraction: fraction, to: start + count)
    }

    private static func split(_ magnitude: UInt128) -> (whole: UInt64, fraction: UInt128) {
        let (whole, fraction) = WideProduct(magnitude, 1).dividedByUnitsPerOne() ?? (0, 0)
        return (UInt64(truncatingIfNeeded: whole), fraction)
    }

    private static func write(whole: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
        var digits = 1
        var rest = whole / 10
        while rest > 0 {
            digits &+= 1
            rest /= 10
        }
        return write(whole, digits: digits, to: start)
    }

    /// The last `digits` digits of a number, zeros in front included.
    private static func write(_ number: UInt64, digits: Int, to start: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = number
        var position = digits
        while position > 0 {
            position &-= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            start[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        return digits
    }

    private static func write(fraction: UInt128, to start: UnsafeMutablePointer<UInt8>) -> Int {
        guard fraction > 0 else { return 0 }
        start[0] = UInt8(ascii: ".")
        // Two halves of ten digits: 10¹⁰ is 2¹⁰ × 9,765,625, and the fraction without its last ten bits fits one word.
        let upper = UInt64(truncatingIfNeeded: fraction &>> 10) / 9_765_625
        let lower = UInt64(truncatingIfNeeded: fraction) &- upper &* 10_000_000_000
        if lower == 0 { return 1 + write(trimming: upper, to: start + 1) }
        return 1 + write(upper, digits: 10, to: start + 1) + write(trimming: lower, to: start + 11)
    }

    /// Ten digits without the zeros at their end.
    private static func write(trimming half: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
        var digits = 10
        var rest = half
        if rest.isMultiple(of: 100_000) {
            rest /= 100_000
            digits = 5
        }
        while rest.isMultiple(of: 10) {
            rest /= 10
            digits &-= 1
        }
        return write(rest, digits: digits, to: start)
    }
}
