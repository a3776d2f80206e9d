import BigInt
import GateAPI
import GateTestSupport
import SeededRandom
import Testing

@Suite struct AmountArithmeticTests {
    private static let roundings: [AmountRounding] = [.toNearest, .awayFromZero, .towardZero]

    /// Pairs of random operands, and every pair of extremes.
    private static func pairs(seed: UInt64) -> [(left: Amount, right: Amount)] {
        var random = SeededGenerator(seed: seed)
        let extremes = AmountSamples.extremes.flatMap { left in
            AmountSamples.extremes.map { (left: Amount(units: left), right: Amount(units: $0)) }
        }
        return extremes
            + (0..<5_000).map { _ in (left: AmountSamples.random(&random), right: AmountSamples.random(&random)) }
    }

    @Test("I12: sums and differences are exact or overflow")
    func sums() {
        for (left, right) in Self.pairs(seed: 11) {
            let (a, b) = (AmountOracle.units(left), AmountOracle.units(right))
            #expect(
                Result { () throws(AmountError) in try left + right } == AmountOracle.result(a + b),
                "\(left) + \(right)")
            #expect(
                Result { () throws(AmountError) in try left - right } == AmountOracle.result(a - b),
                "\(left) - \(right)")
        }
    }

    @Test("I12: products are exact but for the chosen rounding, or overflow", arguments: roundings)
    func products(rounding: AmountRounding) {
        for (left, right) in Self.pairs(seed: 12) {
            let exact = AmountOracle.units(left) * AmountOracle.units(right)
            let expected = AmountOracle.result(AmountOracle.divide(exact, by: AmountOracle.unitsPerOne, rounding))
            #expect(
                Result { () throws(AmountError) in try left.multiplied(by: right, rounding: rounding) } == expected,
                "\(left) * \(right)")
        }
    }

    @Test("I12: quotients are exact but for the chosen rounding, or overflow", arguments: roundings)
    func quotients(rounding: AmountRounding) {
        for (left, right) in Self.pairs(seed: 13) where !right.isZero {
            let exact = AmountOracle.units(left) * AmountOracle.unitsPerOne
            let expected = AmountOracle.result(AmountOracle.divide(exact, by: AmountOracle.units(right), rounding))
            #expect(
                Result { () throws(AmountError) in try left.divided(by: right, rounding: rounding) } == expected,
                "\(left) / \(right)")
        }
    }

    @Test(
        "a product on an exact half is rounded as asked",
        arguments: [
            ("0.5", "1e-20", "0", "1e-20", "0"), ("1.5", "1e-20", "2e-20", "2e-20", "1e-20"),
            ("2.5", "1e-20", "2e-20", "3e-20", "2e-20"), ("-1.5", "1e-20", "-2e-20", "-2e-20", "-1e-20"),
            ("-2.5", "1e-20", "-2e-20", "-3e-20", "-2e-20"),
        ])
    func halves(left: String, right: String, nearest: String, away: String, zero: String) throws {
        let (left, right) = (try Amount(left), try Amount(right))
        #expect(try left * right == Amount(nearest))
        #expect(try left.multiplied(by: right, rounding: .awayFromZero) == Amount(away))
        #expect(try left.multiplied(by: right, rounding: .towardZero) == Amount(zero))
    }

    @Test("division by zero is an error")
    func divisionByZero() {
        #expect(throws: AmountError.divisionByZero) { try Amount.one.divided(by: .zero) }
        #expect(throws: AmountError.divisionByZero) { try Amount.zero.divided(by: .zero) }
    }

    @Test("I12: a product rounded away from zero exceeds a limit if and only if the exact product does")
    func comparesExactly() throws {
        var random = SeededGenerator(seed: 14)
        for _ in 0..<5_000 {
            let quantity = Amount(units: Int128.random(in: 1...1_000_000_000_000_000_000_000_000, using: &random))
            let price = Amount(units: Int128.random(in: 1...10_000_000_000_000_000_000_000_000, using: &random))
            let exact = AmountOracle.units(quantity) * AmountOracle.units(price)
            let near = try #require(Int128(String(exact / AmountOracle.unitsPerOne)))
            for limit in [near - 1, near, near + 1] {
                let product = try quantity.multiplied(by: price, rounding: .awayFromZero)
                #expect(
                    (product > Amount(units: limit))
                        == (exact > AmountOracle.units(Amount(units: limit)) * AmountOracle.unitsPerOne),
                    "\(quantity) * \(price) > \(limit)")
            }
        }
    }

    @Test("amounts compare as their numbers do")
    func compares() {
        for (left, right) in Self.pairs(seed: 15) {
            #expect((left < right) == (AmountOracle.units(left) < AmountOracle.units(right)))
            #expect((left == right) == (AmountOracle.units(left) == AmountOracle.units(right)))
            #expect([left.isNegative, left.isZero, left.isPositive].filter { $0 }.count == 1)
        }
        #expect(Amount(units: .min).magnitude == .max)
        #expect(Amount(units: -7).magnitude == Amount(units: 7))
        #expect(Amount(1_701_411_834_604_692_317).units == 170_141_183_460_469_231_700_000_000_000_000_000_000)
        #expect(Amount(Int.min) == Amount(units: -.max))
        #expect(Amount(Int.max) == .max)
        #expect(-3 as Amount == Amount(-3))
        #expect(Amount(percent: 25).description == "0.25")
        #expect(Amount(percent: -150).description == "-1.5")
    }
}
