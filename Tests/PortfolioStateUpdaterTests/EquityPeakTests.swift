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

    @Test("row 13: does not rise far with one state or two; three that agree raise it")
    func rise() throws {
        let first = try #require(EquityPeak.after(nil, equity: 100, at: Self.before, confirmsRises: true))
        func after(_ peak: EquityPeak?, _ equity: Amount, _ second: Int64) throws -> EquityPeak {
            let next = EquityPeak.after(peak, equity: equity, at: Timestamp(seconds: second), confirmsRises: true)
            // As the next process reads it.
            return try EquityPeak(fields: Fields(try #require(next).fields))
        }
        #expect(try after(first, 125, 2_000).peak == 125)
        let glitch = try after(first, 10_000, 2_000)
        #expect(glitch.peak == 100)
        #expect(try glitch.drawdown(at: 90) == Amount("0.1"))
        #expect(try after(glitch, 100, 2_010) == first)
        let again = try after(after(glitch, 10_000, 2_000), 9_000, 2_010)
        #expect(again.rise == EquityPeak.Rise(equity: 9_000, samples: 2, takenAt: Timestamp(seconds: 2_010)))
        #expect(try after(again, 20_000, 2_020).rise?.samples == 1)
        #expect(try after(again, 9_500, 2_020) == EquityPeak(peak: 9_500, reachedAt: Timestamp(seconds: 2_020)))
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
