import GateAPI
import GateTestSupport
import SeededRandom
import Testing
import TradingState

/// A limit, and orders that are judged one after the other by the rules and by nothing else.
@Suite struct ExposureSequenceTests {
    /// The orders under way after judging a plan against the limit.
    private func grant(_ plan: String, _ position: Position, _ limit: Amount, _ underWay: inout Account<PositionPool>)
        throws
    {
        var intent = try Intent.plan(plan)
        let quantity: Amount?
        switch intent.exposure(from: position, underWay) {
        case .unchanged, .unknown: return
        case .reduces(let reduction):
            quantity = reduction.quantity
            if let capped = reduction.capped { intent = try #require(intent.amended(capped)) }
        case .opens(let opening) where opening.most <= limit: quantity = opening.quantity
        case .opens(let opening):
            guard let capped = opening.capped else { return }
            intent = try #require(intent.amended(capped))
            quantity = intent.quantity.value
        }
        for lane in intent.lanes { underWay[lane] = underWay[lane].plus(quantity ?? 0) }
    }

    @Test("no sequence of permits takes the position beyond the limit or flips it beyond, in any world")
    func oneWay() throws {
        var random = SeededGenerator(seed: 51)
        let plans = [
            "BUY 1", "BUY 2", "BUY 3", "SELL 1", "SELL 2", "SELL 3", "SELL 5", "FULL_CLOSE", "CLOSE 1",
            "SELL 2 reduceOnly=true", "BUY 2 reduceOnly=true", "FULL_CLOSE SELL 3", "PARTIAL_50",
            "SELL closePosition=true",
        ]
        for _ in 0..<3_000 {
            let position = Int.random(in: -4...4, using: &random)
            let limit = Int.random(in: 0...4, using: &random)
            var account = Account<PositionPool>()
            var sequence: [String] = []
            for _ in 0..<4 {
                sequence.append(random.pick(plans))
                try grant(sequence.last ?? "", .at(Amount(position)), Amount(limit), &account)
            }
            // In halves, because of the partial closes.
            let orders = PositionPool.Lane.allCases.map { Int(account[$0].units * 2 / Amount.one.units) }
            let longs = Worlds(long: position * 2, orders).longs
            let context: Comment = "\(sequence) at \(position), limit \(limit)"
            #expect((longs.max() ?? 0) <= 2 * max(limit, position), context)
            #expect((longs.min() ?? 0) >= -2 * max(limit, -position), context)
        }
    }

    @Test("in hedge mode no sequence of permits takes both legs together beyond the limit")
    func legs() throws {
        var random = SeededGenerator(seed: 52)
        let plans = [
            "BUY 1 positionSide=LONG", "BUY 2 positionSide=LONG", "SELL 1 positionSide=LONG",
            "SELL 2 positionSide=SHORT",
            "BUY 2 positionSide=SHORT", "SELL 1", "BUY 2", "FULL_CLOSE positionSide=LONG", "FULL_CLOSE",
        ]
        for _ in 0..<2_000 {
            let (long, short) = (Int.random(in: 0...3, using: &random), Int.random(in: 0...3, using: &random))
            let limit = Int.random(in: 0...8, using: &random)
            let position = Position.at(
                Amount(long - short), PositionLegs(long: Amount(long), short: Amount(short)))
            var account = Account<PositionPool>()
            var sequence: [String] = []
            for _ in 0..<4 {
                sequence.append(random.pick(plans))
                try grant(sequence.last ?? "", position, Amount(limit), &account)
            }
            let orders = PositionPool.Lane.allCases.map { Int(account[$0].units / Amount.one.units) }
            let worlds = Worlds(long: long, short: short, isHedged: true, orders)
            #expect(worlds.mostTogether <= max(limit, long + short), "\(sequence) at \(long)/\(short), limit \(limit)")
        }
    }
}
