import GateAPI
import Testing
import TradingState

@Suite struct BlockRecordTests {
    @Test(
        "a block has the contract's three members, in order and spacing",
        arguments: [
            (
                "BTCUSDT", Timestamp(microseconds: 1_795_354_622_123_242),
                #"{"reason": "p28_budget_violation", "timestamp": 1795354622.123242, "symbol": "BTCUSDT"}"#
            ),
            (
                "A\"Ø", Timestamp(seconds: 5),
                #"{"reason": "p28_budget_violation", "timestamp": 5, "symbol": "A\"\u00d8"}"#
            ),
        ])
    func members(symbol: String, timestamp: Timestamp, text: String) {
        var bytes: [UInt8] = []
        BlockRecord(reason: "p28_budget_violation", timestamp: timestamp, symbol: symbol).write(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}
