import GateAPI
import Platform
import TradingState

extension RedisFixture {
    /// Writes a position snapshot of now. With `0` nothing can be closed, so an order over a limit is blocked, not
    /// granted capped.
    package func publishPosition(_ quantity: String, of symbol: String = "BTCUSDT", markPrice: String = "100000") throws
    {
        try command(
            "HSET", "quantum:position:snapshot:\(symbol)", "position_amt", quantity, "mark_price", markPrice,
            "ts_epoch", "\(WallClock.now().milliseconds / 1_000)")
    }
}
