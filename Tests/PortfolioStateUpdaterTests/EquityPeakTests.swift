import GateAPI
import Testing

@testable import PortfolioStateUpdater

@Suite("The equity peak")
struct EquityPeakTests {
    static let before = Timestamp(seconds: 1_000)
    static let now = Timestamp(seconds: 2_000)

    @Test("rises with the equity, otherwise keeps its value and time")
    func rises() throws {
        let first = EquityPeak.after(nil, equity: 100, at: Self.before)
        #expect(first == EquityPeak(peak: 100, reachedAt: Self.before))
        #expect(EquityPeak.after(first, equity: 100, at: Self.now) == first)
        #expect(EquityPeak.after(first, equity: 40, at: Self.now) == first)
        #expect(EquityPeak.after(first, equity: try Amount("100.00000001"), at: Self.now)?.reachedAt == Self.now)
    }

    @Test("does not start at a zero or negative equity", arguments: [Amount.zero, Amount(-5)])
    func noPeak(equity: Amount) {
        #expect(EquityPeak.after(nil, equity: equity, at: Self.now) == nil)
    }

    @Test(
        "gives a drawdown in 0...1",
        arguments: [
            ("100", "100", "0"), ("100", "120", "0"), ("100", "95", "0.05"), ("100", "0", "1"), ("100", "-20", "1"),
            ("3", "2", "0.33333333"),
            ("0.00000001", "0", "1"), ("1e17", "1", "1"),
        ])
    func drawdown(peak: String, equity: String, expected: String) throws {
        let peak = EquityPeak(peak: try Amount(peak), reachedAt: Self.now)
        #expect(try peak.drawdown(at: Amount(equity)) == Amount(expected))
    }

    @Test("is read exactly as written")
    func roundTrip() throws {
        let peak = EquityPeak(peak: try Amount("104999.99999999"), reachedAt: Self.now)
        #expect(try EquityPeak(fields: Fields(peak.fields)) == peak)
    }
}
