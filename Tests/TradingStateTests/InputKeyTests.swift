import GateAPI
import Testing
import TradingState

@Suite struct InputKeyTests {
    @Test("a record has one Redis key per generation of its keys")
    func redisKeys() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        #expect(
            InputKey(Position.self, symbol).redisKeys == [
                "quantum:position:snapshot:BTCUSDT", "quantum:state:positions:BTCUSDT",
            ])
        #expect(
            InputKey(ShortPosition.self, symbol).redisKeys == [
                "quantum:position:snapshot:BTCUSDT:SHORT", "quantum:state:positions:BTCUSDT:SHORT",
            ])
        #expect(LongPosition.keys.map(\.description).first == "quantum:position:snapshot:{symbol}:LONG")
        #expect(LongPosition.isPerSymbol)
        #expect(InputKey(PortfolioHeat.self, symbol).redisKeys == ["quantum:portfolio:heat"])
        #expect(
            InputKey(Account<PositionPool>.self, symbol).redisKeys == ["quantum:governor:account:position:BTCUSDT"])
        #expect(InputKey(Account<HeatPool>.self, symbol).redisKeys == ["quantum:governor:account:heat"])
    }

    @Test("the records of the legs are requested for an intent that names a leg, and only then")
    func legs() throws {
        for (plan, count) in [
            ("BUY 1", 1), ("BUY 1 positionSide=BOTH", 1), ("BUY 1 positionSide=LONG", 3), ("BUY 1 positionSide=up", 3),
        ] {
            var request = InputRequest()
            request.add(Position.self, for: try Intent.plan(plan))
            #expect(request.keys.count == count, "\(plan)")
        }
    }
}
