import GateAPI
import GateTestSupport
import Testing
import TradingState

@Suite struct OrderPriceTests {
    @Test(
        "a plan's price counts within the collar around the mark price, edges included; beyond it the mark counts",
        arguments: [
            ("100", "100", "100", false), ("110", "100", "110", false), ("90", "100", "90", false),
            ("110.00000001", "100", "100", true), ("89.99999999", "100", "100", true), ("0.01", "100", "100", true),
            ("1e6", "0.01", "0.01", true), ("0.00000001", "1e9", "1e9", true), ("1e18", "1", "1", true),
        ])
    func collar(own: String, mark: String, counted: String, isOutside: Bool) throws {
        let intent = try #require(Fields.plan([("side", "BUY"), ("qty", "1"), ("price", own)]).parsed.intent)
        var settings = PriceSettings()
        let price = try #require(OrderPrice(of: intent, mark: try Amount(mark), settings))
        #expect(price.amount == (try Amount(counted)))
        #expect(price.outside == (isOutside ? try Amount(own) : nil))
        #expect(!price.isUnverified)
        // The higher of the two is never less than either.
        settings.valuation = .higher
        #expect(
            OrderPrice(of: intent, mark: try Amount(mark), settings)?.amount == (try max(Amount(own), Amount(mark))))
    }

    @Test("a wide collar believes every price, and one of zero believes the mark alone")
    func widths() throws {
        let intent = try #require(Fields.plan([("side", "BUY"), ("qty", "1"), ("price", "150")]).parsed.intent)
        var settings = PriceSettings()
        for (width, counted) in [(0, 100), (49, 100), (50, 150), (1_000_000, 150)] as [(Amount, Amount)] {
            settings.priceCollar = width
            #expect(OrderPrice(of: intent, mark: 100, settings)?.amount == counted)
        }
    }

    @Test(
        "without a mark price the plan's is unverified; without the plan's the mark counts; without both there is none")
    func missing() throws {
        let priced = try #require(Fields.plan([("price", "7")]).parsed.intent)
        let unpriced = try #require(Fields.plan([]).parsed.intent)
        let settings = PriceSettings()
        #expect(OrderPrice(of: priced, mark: nil, settings)?.isUnverified == true)
        #expect(OrderPrice(of: unpriced, mark: 9, settings)?.isUnverified == false)
        #expect(OrderPrice(of: unpriced, mark: 9, settings)?.amount == 9)
        #expect(OrderPrice(of: unpriced, mark: nil, settings) == nil)
    }
}
