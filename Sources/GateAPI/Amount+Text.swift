extension Amount {
    /// Parses decimal text as Python's `float()` reads it: blanks around, a sign, digits with a point, single `_`
    /// between digits, an exponent (`1820.93`, `-0.5`, `1e-05`, `1_000`).
    ///
    /// Digits beyond the twentieth decimal are rounded to the nearest, ties to even. Throws ``AmountError/notANumber``,
    /// ``AmountError/nonFinite`` or ``AmountError/overflow``.
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
        if let plain = plain(bytes) { return (plain, true) }
        var scanner = DecimalScanner(rounding: rounding)
        let amount = try scanner.scan(bytes)
        return (amount, scanner.isExact)
    }

    /// The short way for nearly all published numbers: an optional minus and up to 18 digits behind leading zeros, with
    /// or without a point. It keeps every digit. `nil` sends any other text, right or wrong, to the scanner.
    private static func plain(_ bytes: Span<UInt8>) -> Amount? {
        var index = 0
        let count = bytes.count
        let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        let length = count - index
        // With more decimals than an amount has, a text is longer.
        guard length > 0, length <= fractionDigits + 2 else { return nil }
        var mantissa: UInt64 = 0
        var significant = 0
        var point = -1
        while index < count {
            let byte = bytes[index]
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                if mantissa != 0 { significant &+= 1 }
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = index
            } else {
                return nil
            }
            index &+= 1
        }
        let decimals = point < 0 ? 0 : count - point - 1
        // A lone point is no number.
        guard significant <= 18, decimals <= fractionDigits, point < 0 || length > 1 else { return nil }
        // 18 digits and 20 decimals fit 128 bits.
        let scale = decimals == 0 ? unitsPerOne : Int128(powersOfTen[fractionDigits - decimals])
        let units = Int128(mantissa) &* scale
        return Amount(units: isNegative ? 0 &- units : units)
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
