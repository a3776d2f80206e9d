extension Amount {
    /// Parses decimal text as Python's `float()` reads it: blanks around, a sign, digits with a point, single `_`
    /// between digits, an exponent (`1820.93`, `-0.5`, `1e-05`, `1_000`).
    ///
    /// Digits beyond the eighth decimal are rounded to the nearest, ties to even: publishers print binary floats with
    /// up to 17 digits. Throws ``AmountError/notANumber``, ``AmountError/nonFinite`` or ``AmountError/overflow``.
    public init(_ text: String) throws(AmountError) {
        try self.init(ascii: Array(text.utf8).span)
    }

    /// Parses decimal text from its bytes, by the same rules.
    package init(ascii bytes: Span<UInt8>, rounding: AmountRounding = .toNearest) throws(AmountError) {
        self = try Self.read(bytes, rounding).amount
    }

    /// The same, and whether every digit was kept.
    static func read(
        _ bytes: Span<UInt8>, _ rounding: AmountRounding
    ) throws(AmountError) -> (amount: Amount, isExact: Bool) {
        if let plain = plain(bytes, rounding) { return plain }
        var scanner = DecimalScanner(rounding: rounding)
        let amount = try scanner.scan(bytes)
        return (amount, scanner.isExact)
    }

    /// The short way for nearly all published numbers: an optional minus and up to 18 digits, with or without a point.
    /// `nil` sends any other text, right or wrong, to the scanner.
    private static func plain(_ bytes: Span<UInt8>, _ rounding: AmountRounding) -> (Amount, isExact: Bool)? {
        var index = 0
        let count = bytes.count
        let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        let digits = count - index
        guard digits > 0, digits <= 19 else { return nil }
        var mantissa: UInt64 = 0
        var point = -1
        while index < count {
            let byte = bytes[index]
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = index
            } else {
                return nil
            }
            index &+= 1
        }
        // Nineteen digits without a point may overflow. A lone point is no number.
        guard point >= 0 ? digits > 1 : digits <= 18 else { return nil }
        let decimals = point < 0 ? 0 : count - point - 1
        var units: Int128
        var isExact = true
        if decimals <= fractionDigits {
            units = Int128(mantissa) &* Int128(powersOfTen[fractionDigits - decimals])
        } else {
            // A binary float's many digits.
            let divisor = powersOfTen[decimals - fractionDigits]
            let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor)
            isExact = remainder == 0
            let isUp =
                switch rounding {
                case .towardZero: false
                case .awayFromZero: !isExact
                case .toNearest: remainder > divisor / 2 || (remainder == divisor / 2 && quotient & 1 == 1)
                }
            units = Int128(isUp ? quotient + 1 : quotient)
        }
        return (Amount(units: isNegative ? 0 &- units : units), isExact)
    }

    private static let powersOfTen: InlineArray<11, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    ]

    /// Appends the plain decimal form: no exponent, no trailing zeros (`1868`, `1820.93`, `-0.00000001`).
    package func write(to output: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.maximumTextBytes) { scratch in
            guard let start = scratch.baseAddress else { return }
            output.append(contentsOf: UnsafeBufferPointer(start: start, count: write(to: start)))
        }
    }

    /// The longest text: a sign, 31 digits, a point and eight digits more.
    package static let maximumTextBytes = 41

    /// Writes the plain decimal form; `start` must have room for ``maximumTextBytes``. Returns how many bytes it took.
    package func write(to start: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        if units < 0 {
            start[0] = UInt8(ascii: "-")
            count = 1
        }
        let magnitude = units.magnitude
        if magnitude <= UInt128(UInt64.max) {
            let (whole, fraction) = UInt64(truncatingIfNeeded: magnitude).quotientAndRemainder(dividingBy: Self.scale)
            count += Self.write(whole: whole, to: start + count)
            return count + Self.write(fraction: fraction, to: start + count)
        }
        let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: UInt128(Self.scale))
        // More than one machine word: the leading digits, then nineteen.
        let (high, low) = whole.quotientAndRemainder(dividingBy: UInt128(Self.tenToThe19))
        if high > 0 {
            count += Self.write(whole: UInt64(truncatingIfNeeded: high), to: start + count)
            count += Self.write(UInt64(truncatingIfNeeded: low), digits: 19, to: start + count)
        } else {
            count += Self.write(whole: UInt64(truncatingIfNeeded: low), to: start + count)
        }
        return count + Self.write(fraction: UInt64(truncatingIfNeeded: fraction), to: start + count)
    }

    private static let scale: UInt64 = 100_000_000
    private static let tenToThe19: UInt64 = 10_000_000_000_000_000_000

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

    private static func write(fraction: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
        guard fraction > 0 else { return 0 }
        start[0] = UInt8(ascii: ".")
        var digits = fractionDigits
        var rest = fraction
        while rest.isMultiple(of: 10) {
            rest /= 10
            digits &-= 1
        }
        return 1 + write(rest, digits: digits, to: start + 1)
    }
}

extension Amount: CustomStringConvertible {
    public var description: String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.maximumTextBytes) { scratch in
            guard let start = scratch.baseAddress else { return "" }
            return String(decoding: UnsafeBufferPointer(start: start, count: write(to: start)), as: UTF8.self)
        }
    }
}
