/// Reads any decimal number into units of 10⁻²⁰, in one pass over the bytes.
struct DecimalScanner {
    let rounding: AmountRounding
    private var position = 0
    /// Whether every digit was kept.
    private(set) var isExact = true

    init(rounding: AmountRounding) {
        self.rounding = rounding
    }

    /// A mantissa up to this one takes one more digit without overflow. Later digits only decide the rounding.
    static let roomForDigit = (UInt128.max - 9) / 10

    private func peek(_ bytes: Span<UInt8>) -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while let byte = peek(bytes), byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    private mutating func skip(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
        guard bytes.count - position >= word.utf8CodeUnitCount else { return false }
        for offset in 0..<word.utf8CodeUnitCount where bytes[position + offset] | 0x20 != word.utf8Start[offset] {
            return false
        }
        position += word.utf8CodeUnitCount
        return true
    }

    /// Skips a single `_` between two digits.
    private mutating func skipSeparator(_ bytes: Span<UInt8>) -> Bool {
        guard bytes[position] == UInt8(ascii: "_"), position > 0, position + 1 < bytes.count,
            bytes[position - 1].isDigit, bytes[position + 1].isDigit
        else { return false }
        position += 1
        return true
    }

    mutating func scan(_ bytes: Span<UInt8>) throws(AmountError) -> Amount {
        skipBlanks(bytes)
        var negative = false
        if let sign = peek(bytes), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            position += 1
        }
        if skip("infinity", bytes) || skip("inf", bytes) || skip("nan", bytes) {
            skipBlanks(bytes)
            throw position == bytes.count ? .nonFinite : .notANumber
        }

        var mantissa: UInt128 = 0
        var digits = 0
        var exponent = 0
        var firstDropped: UInt8?
        var restDropped = false
        var inFraction = false
        while let byte = peek(bytes) {
            if byte == UInt8(ascii: "."), !inFraction {
                inFraction = true
            } else if skipSeparator(bytes) {
                continue
            } else if byte.isDigit {
                digits += 1
                let digit = byte &- UInt8(ascii: "0")
                if mantissa <= Self.roomForDigit {
                    mantissa = mantissa &* 10 &+ UInt128(digit)
                    if inFraction { exponent -= 1 }
                } else {
                    if firstDropped == nil { firstDropped = digit } else { restDropped = restDropped || digit != 0 }
                    if !inFraction { exponent += 1 }
                }
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else { throw .notANumber }
        exponent += try scanExponent(bytes)
        skipBlanks(bytes)
        guard position == bytes.count else { throw .notANumber }
        // The dropped part in twentieths of the mantissa's last place. That is enough to compare it with one half.
        let dropped = (firstDropped ?? 0) * 2 + (restDropped ? 1 : 0)
        return try scaled(
            mantissa, dropped: dropped, exponent: exponent + Amount.fractionDigits, negative: negative)
    }

    private mutating func scanExponent(_ bytes: Span<UInt8>) throws(AmountError) -> Int {
        guard let mark = peek(bytes), mark | 0x20 == UInt8(ascii: "e") else { return 0 }
        position += 1
        var negative = false
        if let sign = peek(bytes), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            position += 1
        }
        var value = 0
        var digits = 0
        while let byte = peek(bytes) {
            if skipSeparator(bytes) { continue }
            guard byte.isDigit else { break }
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000)
            digits += 1
            position += 1
        }
        guard digits > 0 else { throw .notANumber }
        return negative ? -value : value
    }

    private mutating func scaled(
        _ mantissa: UInt128, dropped: UInt8, exponent: Int, negative: Bool
    ) throws(AmountError) -> Amount {
        if mantissa == 0 { return .zero }
        if exponent == 0 {
            isExact = dropped == 0
            return try Amount.rounded(mantissa, UInt128(dropped), of: 20, negative: negative, rounding)
        }
        if exponent > 0 {
            // After dropped digits the mantissa is so large that one more place overflows.
            var units = mantissa
            for _ in 0..<exponent {
                let (product, overflow) = units.multipliedReportingOverflow(by: 10)
                guard !overflow else { throw .overflow }
                units = product
            }
            return try Amount.rounded(units, 0, of: 1, negative: negative, .towardZero)
        }
        // More than 38 places to the right of the last unit: nothing of 3.4e38 is left, not even a half.
        guard exponent >= -38 else {
            isExact = false
            return try Amount.rounded(0, 1, of: 10, negative: negative, rounding)
        }
        var divisor: UInt128 = 1
        for _ in 0..<(-exponent) { divisor &*= 10 }
        let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor)
        isExact = remainder == 0 && dropped == 0
        // Dropped digits turn an exact half into more than a half, and nothing into a little.
        let isJustOver = dropped != 0 && (remainder == 0 || remainder == divisor - remainder)
        return try Amount.rounded(
            quotient, isJustOver ? remainder + 1 : remainder, of: divisor, negative: negative, rounding)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- 0x30 <= 9 }
}
