/// A product of two magnitudes in 256 bits, and its quotients.
///
/// The quotients are made of the processor's own divisions of two words by one. The standard library's division of 256
/// bits takes twice as long.
struct WideProduct {
    private let high: UInt128
    private let low: UInt128

    init(_ left: UInt128, _ right: UInt128) {
        (high, low) = left.multipliedFullWidth(by: right)
    }

    /// The quotient by the units of one; `nil` beyond 128 bits.
    @inline(__always)
    func dividedByUnitsPerOne() -> (quotient: UInt128, remainder: UInt128)? {
        // 10²⁰ needs more than a word, an eighth of it does not.
        let divisor: UInt64 = 12_500_000_000_000_000_000
        let top = UInt64(truncatingIfNeeded: high &>> 3)
        guard high &>> 67 == 0, top < divisor else { return nil }
        let middle = UInt64(truncatingIfNeeded: high &<< 61 | low &>> 67)
        let (first, rest) =
            top == 0 && middle < divisor ? (0, middle) : divisor.dividingFullWidth((top, middle))
        let (second, remainder) = divisor.dividingFullWidth((rest, UInt64(truncatingIfNeeded: low &>> 3)))
        return (UInt128(words: first, second), UInt128(remainder) &<< 3 | low & 7)
    }

    /// The quotient by a divisor that is not zero; `nil` beyond 128 bits.
    @inline(__always)
    func divided(by divisor: UInt128) -> (quotient: UInt128, remainder: UInt128)? {
        guard high < divisor else { return nil }
        guard divisor > UInt128(UInt64.max) else {
            let divisor = UInt64(truncatingIfNeeded: divisor)
            let (first, rest) = divisor.dividingFullWidth((UInt64(truncatingIfNeeded: high), low.highWord))
            let (second, remainder) = divisor.dividingFullWidth((rest, low.lowWord))
            return (UInt128(words: first, second), UInt128(remainder))
        }
        // Long division in base 2⁶⁴ (Knuth's algorithm D). It needs a divisor whose highest bit is set.
        let shift = UInt128(divisor.leadingZeroBitCount)
        let normalized = divisor &<< shift
        let top = high &<< shift | (shift == 0 ? 0 : low &>> (128 - shift))
        let bottom = low &<< shift
        let (first, rest) = Self.digit(top, bottom.highWord, by: normalized)
        let (second, remainder) = Self.digit(rest, bottom.lowWord, by: normalized)
        return (UInt128(words: first, second), remainder &>> shift)
    }

    /// One digit of a long division: three words by two, of which the first two are less than the divisor.
    @inline(__always)
    private static func digit(
        _ top: UInt128, _ next: UInt64, by divisor: UInt128
    ) -> (quotient: UInt64, remainder: UInt128) {
        // The quotient by the divisor's high word alone is too large by two at most.
        var quotient = UInt64.max
        var rest: UInt64
        var isSmall = false
        if top.highWord < divisor.highWord {
            (quotient, rest) = divisor.highWord.dividingFullWidth((top.highWord, top.lowWord))
        } else {
            (rest, isSmall) = top.lowWord.addingReportingOverflow(divisor.highWord)
        }
        var product = UInt128(quotient.multipliedFullWidth(by: divisor.lowWord))
        while !isSmall, product > UInt128(words: rest, next) {
            quotient &-= 1
            (rest, isSmall) = rest.addingReportingOverflow(divisor.highWord)
            product &-= UInt128(divisor.lowWord)
        }
        return (quotient, UInt128(words: rest, next) &- product)
    }
}

extension UInt128 {
    fileprivate init(words high: UInt64, _ low: UInt64) {
        self = UInt128(high) &<< 64 | UInt128(low)
    }

    fileprivate init(_ product: (high: UInt64, low: UInt64)) {
        self.init(words: product.high, product.low)
    }

    fileprivate var highWord: UInt64 { UInt64(truncatingIfNeeded: self &>> 64) }
    fileprivate var lowWord: UInt64 { UInt64(truncatingIfNeeded: self) }
}
