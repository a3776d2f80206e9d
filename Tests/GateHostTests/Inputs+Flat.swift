import GateAPI
import TradingState

extension Inputs {
    /// Inputs with a fresh snapshot that shows no position: nothing can be closed.
    static var flat: Inputs {
        let now = Timestamp(seconds: 1_795_354_622)
        var inputs = Inputs(now: now)
        inputs.set(Position(quantity: .zero, markPrice: nil, timestamp: now), for: Symbol("BTCUSDT")!)
        return inputs
    }
}
