import GateAPI
import GateTestSupport
import Testing
import TradingState

@Suite struct AmendedExposureTests {
    private func exposure(_ plan: String, _ amendment: Amendment, _ position: Amount?) throws -> String {
        let amended = try #require(try Intent.plan(plan).amended(amendment))
        return amended.exposure(from: position.map { .at($0) }).text
    }

    @Test("an amended close closes the smaller of the quantities in the plan and the amendment")
    func amendedClose() throws {
        let most = Amendment.closeFraction(try Amount("0.75"))
        #expect(try exposure("FULL_CLOSE", most, 10) == "reduces 7.5")
        #expect(try exposure("FULL_CLOSE SELL 5", most, 10) == "reduces 5")
        #expect(try exposure("FULL_CLOSE SELL 10", most, 10) == "reduces 7.5")
        #expect(try exposure("FULL_CLOSE SELL 5 reduceOnly=true", most, nil) == "reduces ?")
    }

    @Test("an order that is amended to one that can only reduce does so in every world")
    func reduceOnly() throws {
        let amendment = Amendment.reduceOnly(4)
        for (position, exposure) in [(10, "reduces 4"), (3, "reduces 3"), (-10, "reduces 0"), (nil, "reduces 4")]
            as [(
                Amount?, String
            )]
        {
            #expect(try self.exposure("SELL 5", amendment, position) == exposure)
        }
        let amended = try #require(try Intent.plan("SELL 5").amended(amendment))
        #expect(amended.isCapped)
        #expect(amended.lanes == [.cappedSell])
        #expect(try Intent.plan("SELL 5 positionSide=up").amended(amendment)?.lanes == [.cappedSell])
    }
}
