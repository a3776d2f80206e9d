import GateAPI
import GateTestSupport
import SeededRandom
import Testing
import TradingState

@Suite struct GarbageTests {
    @Test("20,000 entries of random bytes never trap, and neither does any question about the intents among them")
    func garbage() {
        var random = SeededGenerator(seed: 21)
        let names = [
            "plan_id", "symbol", "decision", "action", "side", "qty", "reduceOnly", "price", "entry_price", "close_qty",
            "steps", "positionSide", "position_side", "closePosition", "reduce_only",
        ].map {
            Array($0.utf8)
        }
        let values = [
            "EXECUTE", "BUY", "SELL", "CLOSE", "FULL_CLOSE_PROPOSED", "PARTIAL_33", "UPDATE_SL", "true", "-1", "1e30",
            "nan", "p", "LONG", "Short",
        ].map {
            Array($0.utf8)
        }
        var intents = 0
        for _ in 0..<20_000 {
            var buffer: [UInt8] = []
            var positions: [Fields.Position] = []
            func append(_ bytes: [UInt8]) -> Range<Int> {
                buffer += bytes
                return buffer.count - bytes.count..<buffer.count
            }
            var rest = names
            for _ in 0..<Int.random(in: 0...14, using: &random) {
                let known = !rest.isEmpty && Int.random(in: 0..<8, using: &random) > 0
                let name = append(known ? rest.removeFirst() : random.bytes(Int.random(in: 0...8, using: &random)))
                // Mostly the fields of an intent, so that garbage gets past the first checks.
                let likely = name.count == 7 ? "p1" : name.count == 8 ? "EXECUTE" : "BTCUSDT"
                let isHead = known && positions.count < 3 && Int.random(in: 0..<10, using: &random) > 0
                let value =
                    isHead
                    ? Array(likely.utf8)
                    : Bool.random(using: &random)
                        ? random.pick(values) : random.bytes(Int.random(in: 0...40, using: &random))
                positions.append(.init(name: name, value: append(value)))
            }
            guard let intent = Fields(buffer: buffer, positions: positions[...]).parsed.intent else { continue }
            intents += 1
            let full = Account<PositionPool>(PositionPool.Lane.allCases.map { ($0, Amount.max) })
            for quantity in [nil, Amount.zero, 10, -10, .max, Amount(units: .min)] as [Amount?] {
                for account in [nil, Account(), full] {
                    let position = quantity.map { Position.at($0) }
                    guard case .opens(let opening) = intent.exposure(from: position, account) else { continue }
                    _ = (opening.capped, opening.claim(upTo: 1), opening.claims(beyond: 1), opening.positionAfter)
                }
            }
            _ = (intent.lanes, intent.capped)
            _ = intent.amended(.reduceOnly(1))
            _ = intent.amended(.quantity(1))
            _ = intent.amended(.closeFraction(Amount(units: 1)))
        }
        #expect(intents > 2_000)
    }
}
