package import GateAPI
package import SeededRandom

/// Amounts of every size, most of them near the limits at which arithmetic breaks.
package enum AmountSamples {
    private static let one = Amount.one.units

    package static let extremes: [Int128] = [
        .min, .min + 1, .max, .max - 1, 0, 1, -1, 5, -5, 50_000_000, 99_999_999, 100_000_000, 100_000_001, -100_000_000,
        Int128(UInt64.max), Int128(UInt64.max) + 1, Int128(UInt64.max) - 1, -Int128(UInt64.max), Int128(Int64.min),
        Int128(Int64.max),
        .max / 100_000_000, .max / 100_000_000 + 1, 13_043_817_825_332_782_212, 1_844_674_407_370_955_161_600_000_000,
        one, one - 1, one + 1, -one, one / 2, one / 2 + 1, .max / one * one, .max / one * one - 1, one / 8, one / 8 - 1,
        1 << 64, (1 << 64) - 1, 1 << 67, (1 << 67) - 1, 1 << 126, (1 << 126) + 1, -(1 << 126), one << 3, one << 60,
    ]

    package static func random(_ random: inout SeededGenerator) -> Amount {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return Amount(units: random.pick(extremes))
        case 1: return Amount(units: Int128.random(in: .min ... .max, using: &random))
        // Words at which a long division corrects its estimate.
        case 2:
            let words: [UInt64] = [0, 1, .max, .max - 1, 1 << 63, (1 << 63) - 1, 1 << 62]
            return Amount(
                units: Int128(truncatingIfNeeded: UInt128(random.pick(words)) << 64 | UInt128(random.pick(words))))
        default:
            let bits = Int.random(in: 1...126, using: &random)
            let magnitude = Int128.random(in: 0...(Int128(1) << Int128(bits)), using: &random)
            return Amount(units: Bool.random(using: &random) ? magnitude : -magnitude)
        }
    }
}
