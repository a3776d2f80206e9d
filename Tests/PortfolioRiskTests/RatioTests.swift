import GateAPI
import Testing

@testable import PortfolioRisk

@Suite("A ratio")
struct RatioTests {
    @Test(
        "keeps eighteen decimals of any decimal text, rounded up",
        arguments: [
            ("0.788493010732072", "0.788493010732072"), ("1e-05", "0.00001"), ("1E-18", "0.000000000000000001"),
            (" 0.25 ", "0.25"), ("-0.5", "-0.5"),
            ("5", "5"), (".06", "0.06"), ("1e-19", "0.000000000000000001"), ("-1e-19", "0"),
            ("4e-999999999999999999999", "0.000000000000000001"),
            ("123.000000000000000001", "123.000000000000000001"), ("-0", "0"),
            ("999999999.999999999999999999", "999999999.999999999999999999"), ("12e8", "1000000000"),
            ("-12e8", "-1000000000"), ("1e99", "1000000000"),
            ("-1e99", "-1000000000"),
        ])
    func parsing(_ text: String, _ expected: String) throws {
        #expect(try Ratio(text).description == expected)
    }

    @Test("refuses text that is not a number", arguments: ["", "abc", "1e", "0x1", "1,5", "1 2", "--1"])
    func notANumber(_ text: String) {
        #expect(throws: AmountError.notANumber) { try Ratio(text) }
    }

    @Test("distinguishes non-finite from malformed text", arguments: ["nan", "inf", "-Infinity"])
    func nonFinite(_ text: String) {
        #expect(throws: AmountError.nonFinite) { try Ratio(text) }
    }

    @Test("converts to and from an amount, rounded up to eighteen decimals")
    func amount() throws {
        #expect(try Ratio("0.000000000000000001").amount == Amount(units: 100))
        #expect(Ratio(Amount(units: 101)).units == 2)
        #expect(Ratio(Amount(units: -199)).units == -1)
        #expect(Ratio(.max) == Ratio.limit)
        #expect(try Ratio("0.25").amount == Amount("0.25"))
    }
}

@Suite("The volatility regime")
struct VolatilityTests {
    @Test(
        "comes from the name first, then from sigma, with exact thresholds",
        arguments: [
            (["sigma": "0.0049"], "0"), (["sigma": "0.005"], "0.33"), (["sigma": "0.02"], "0.33"),
            (["sigma": "0.0201"], "0.67"),
            (["sigma": "0.03"], "0.67"), (["sigma": "0.0301"], "1"), (["sigma": "0.030000000000000001"], "1"),
            (["sigma": "0.01"], "0.33"),
            (["vol_regime": "EXTREME_VOL"], "1"), (["vol_regime": "extreme"], "1"),
            (["vol_regime": "HIGH_VOL"], "0.67"), (["vol_regime": "low"], "0"),
            (["vol_regime": "HIGH_AND_LOW"], "0.67"), (["vol_regime": "LOW_VOL", "sigma": "0.9"], "0"),
            (["vol_regime": "NORMAL_VOL", "sigma": "0.05"], "1"),
            (["vol_regime": "NORMAL_VOL"], "0.33"), (["other": "1"], "0.33"), (["sigma": ""], "0.33"),
        ])
    func mapping(_ fields: [String: String], _ expected: String) throws {
        let reading = VolatilityReading(fields: Fields(fields.map { ($0.key, $0.value) }))
        #expect(reading.stress == (try Ratio(expected)))
        #expect(!reading.isMalformed)
    }

    @Test("is normal, and counted as malformed, if sigma is unusable", arguments: ["nan", "inf", "abc", "-0.01"])
    func garbage(_ sigma: String) {
        #expect(VolatilityReading(fields: ["sigma": sigma]) == .malformed)
        #expect(VolatilityReading.malformed.stress.description == "0.33")
    }
}
