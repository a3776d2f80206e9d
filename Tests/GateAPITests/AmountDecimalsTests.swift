import BigInt
import GateAPI
import GateTestSupport
import SeededRandom
import Testing

@Suite("Amounts in larger units") struct AmountDecimalsTests {
    @Test("I12: a count of units of any decimals is exact", arguments: 1...20)
    func counts(decimals: Int) {
        var random = SeededGenerator(seed: 41)
        let power = BigInt(10).power(20 - decimals)
        for units in [.min, .max, 0, 1, -1] + (0..<500).map({ _ in Int64.random(in: .min ... .max, using: &random) }) {
            let amount = Amount(units: units, decimals: decimals)
            #expect(AmountOracle.units(amount) == (BigInt(String(units)) ?? 0) * power)
            #expect(amount.units(decimals: decimals, .awayFromZero) == Int128(units))
        }
    }

    @Test(
        "I12: an amount in larger units is exact but for the chosen rounding",
        arguments: [AmountRounding.toNearest, .awayFromZero, .towardZero], 1...20)
    func units(rounding: AmountRounding, decimals: Int) {
        var random = SeededGenerator(seed: 42)
        let power = BigInt(10).power(20 - decimals)
        let samples =
            AmountSamples.extremes.map(Amount.init(units:)) + (0..<500).map { _ in AmountSamples.random(&random) }
        for amount in samples {
            let expected = AmountOracle.divide(AmountOracle.units(amount), by: power, rounding)
            #expect(BigInt(String(amount.units(decimals: decimals, rounding))) == expected, "\(amount)")
            let rounded = amount.rounded(toDecimals: decimals, rounding)
            let largest = amount.isNegative ? Amount(units: -.max) : .max
            #expect(rounded == (try? AmountOracle.result(expected * power).get()) ?? largest, "\(amount)")
        }
    }
}
