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
        #expect(InputKey(PortfolioHeat.self, symbol).redisKeys == ["quantum:portfolio:heat"])
        #expect(
            InputKey(Reserved<PositionReservations>.self, symbol).redisKeys == [
                "quantum:governor:reserved:position:BTCUSDT"
            ])
    }
}
