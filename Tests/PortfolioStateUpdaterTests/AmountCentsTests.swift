import GateAPI
import Testing

@testable import PortfolioStateUpdater

@Suite("Amounts with two decimals")
struct AmountCentsTests {
    @Test(
        "are rounded to the nearest cent, ties to even",
        arguments: [
            ("0", "0.00"), ("1", "1.00"), ("0.1", "0.10"), ("0.05", "0.05"), ("103.12345678901234567891", "103.12"),
            ("0.125", "0.12"), ("0.135", "0.14"),
            ("0.12500000000000000001", "0.13"), ("-0.125", "-0.12"), ("-0.135", "-0.14"), ("-3.999", "-4.00"),
            ("99.995", "100.00"),
            ("100000", "100000.00"),
        ])
    func rounding(text: String, expected: String) throws {
        #expect(try Amount(text).cents == expected)
    }

    @Test("have no negative zero", arguments: ["-0.00000001", "-0.005", "-0.00499999"])
    func negativeZero(text: String) throws {
        #expect(try Amount(text).cents == "0.00")
    }

    @Test("cover the whole range of amounts")
    func extremes() {
        #expect(Amount(units: .max).cents == "1701411834604692317.32")
        #expect(Amount(units: .min).cents == "-1701411834604692317.32")
    }
}
