import GateAPI
import GateTestSupport
import Testing
import TradingState

@Suite struct AmendedExposureTests {
    private func intent(_ pairs: (String, String)...) throws -> Intent {
        try #require(Fields.plan(pairs).parsed.intent)
    }

    @Test("an amended close closes the smaller of the quantities in the plan and the amendment")
    func amendedClose() throws {
        let whole = try #require(try intent(("action", "FULL_CLOSE")).amended(.closeFraction(Amount("0.75"))))
        #expect(whole.exposure(from: 10) == .reduces(quantity: try Amount("7.5")))
        let part = try #require(
            try intent(("action", "FULL_CLOSE"), ("side", "SELL"), ("qty", "5")).amended(.closeFraction(Amount("0.75")))
        )
        #expect(part.exposure(from: 10) == .reduces(quantity: 5))
        #expect(part.exposure(from: nil) == .reduces(quantity: nil))
    }
}
