import GateAPI
import GateTestSupport
import SeededRandom
import Testing
import TradingState

/// I5 and I7 over random plans of every mixture of fields.
@Suite struct ExposurePropertyTests {
    private static let actions = [
        "", "FULL_CLOSE_PROPOSED", "FULL_CLOSE", "PARTIAL_25", "PARTIAL_33", "PARTIAL_100", "PARTIAL_CLOSE_PROPOSED",
        "UPDATE_SL", "HOLD", "ENTRY_PROPOSED",
        "OPEN_PROPOSED", "LOCKDOWN_HALT",
    ]
    private static let steps = ["", "[]", #"[{"pct": 75.0}]"#, #"[{"pct": 0.0000001}]"#]

    private static func quantity(_ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: random.pick(["", "0", "0.0", "x", "1_0", "nan", "inf", "-5", "1e40"])
        case 1: AmountSamples.random(&random).magnitude.description
        default: Amount(units: Int64.random(in: 1...3_000_000_000, using: &random), decimals: 8).description
        }
    }

    private static func position(_ random: inout SeededGenerator) -> Amount {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .zero
        case 1: AmountSamples.random(&random)
        default: Amount(units: Int64.random(in: -2_000_000_000...2_000_000_000, using: &random), decimals: 8)
        }
    }

    private static func plan(_ random: inout SeededGenerator) -> Fields {
        .plan([
            ("action", random.pick(actions)), ("side", random.pick(["", "BUY", "SELL", "CLOSE", "sideways"])),
            ("qty", quantity(&random)),
            ("reduceOnly", random.pick(["", "true", "false", "maybe"])),
            ("close_qty", random.pick(["", "0.0", quantity(&random)])),
            ("steps", random.pick(steps)),
        ])
    }

    /// The position after an executor that obeys the plan's side and quantity. The exchange caps a capped order.
    private static func executed(_ intent: Intent, _ position: Amount) -> Amount? {
        guard let quantity = intent.quantity.value else { return nil }
        let sells = intent.side == .sell || (intent.side == .close && position.isPositive)
        if intent.isCapped {
            let opposes = sells ? position.isPositive : position.isNegative
            let closed = opposes ? min(quantity, position.magnitude) : .zero
            return try? sells ? position - closed : position + closed
        }
        return try? sells ? position - quantity : position + quantity
    }

    private static func isReduction(_ before: Amount, _ after: Amount) -> Bool {
        after.magnitude <= before.magnitude && (after.isZero || after.isNegative == before.isNegative)
    }

    @Test(
        "I5: a reduction leaves a smaller or equal position of the same sign, by its own quantity and by the order's"
    )
    func reductions() throws {
        var random = SeededGenerator(seed: 31)
        var reductions = 0
        for _ in 0..<15_000 {
            let fields = Self.plan(&random)
            let position = Self.position(&random)
            let intent = try #require(fields.parsed.intent)
            guard case .reduces(let reduction) = intent.exposure(from: .at(position)) else { continue }
            reductions += 1
            if let quantity = reduction.quantity {
                #expect(!quantity.isNegative && quantity <= position.magnitude, "\(fields.pairs) at \(position)")
                let after = try position.isNegative ? position + quantity : position - quantity
                #expect(Self.isReduction(position, after), "\(fields.pairs) at \(position)")
            }
            if intent.side != nil, intent.quantity.value != nil {
                let after = try #require(Self.executed(intent, position), "\(fields.pairs) at \(position)")
                #expect(Self.isReduction(position, after), "\(fields.pairs) at \(position) leaves \(after)")
            }
        }
        #expect(reductions > 2_000)
    }

    @Test("I5: an order of known side and quantity that reduces a known position is always seen as a reduction")
    func noReductionIsMissed() throws {
        var random = SeededGenerator(seed: 32)
        for _ in 0..<8_000 {
            let fields = Self.plan(&random)
            let position = Self.position(&random)
            let intent = try #require(fields.parsed.intent)
            guard intent.side == .buy || intent.side == .sell, let after = Self.executed(intent, position),
                Self.isReduction(position, after)
            else { continue }
            guard case .reduces = intent.exposure(from: .at(position)) else {
                Issue.record("\(fields.pairs) at \(position) is \(intent.exposure(from: .at(position)).text)")
                continue
            }
        }
    }

    @Test("I7: an accepted amendment never asks for more, and turns no reduction into an open")
    func amendments() throws {
        var random = SeededGenerator(seed: 33)
        var accepted = 0
        for _ in 0..<15_000 {
            let fields = Self.plan(&random)
            let position = Int.random(in: 0..<8, using: &random) == 0 ? nil : Position.at(Self.position(&random))
            let intent = try #require(fields.parsed.intent)
            let amount = Amount(units: Int64.random(in: -10...3_000_000_000, using: &random), decimals: 8)
            let amendment = random.pick([
                Amendment.quantity(amount), .closeFraction(Amount(units: amount.units / 25)), .reduceOnly(amount),
            ])
            guard let amended = intent.amended(amendment) else { continue }
            accepted += 1
            if let quantity = intent.quantity.value { #expect(amended.quantity.value ?? .max <= quantity) }
            #expect(amended.closeFraction ?? 0 <= intent.closeFraction ?? 0)
            let (before, after) = (intent.exposure(from: position), amended.exposure(from: position))
            let context: Comment =
                "\(fields.pairs) at \(String(describing: position?.quantity)): \(amendment) \(after.text)"
            switch (before, after) {
            case (.unchanged, .unchanged): break
            case (.reduces(let whole), .reduces(let part)):
                if let closed = whole.quantity, let now = part.quantity { #expect(now <= closed, context) }
            case (.opens(let whole), .opens(let part)): #expect(part.most <= whole.most, context)
            // A smaller order may stop short of the flip.
            case (.opens, .reduces): break
            case (.unknown, .unknown): break
            // With a cap, and by it with a quantity, it can only reduce.
            case (.unknown, .reduces), (.unchanged, .reduces): #expect(amended.isGrantedCapped, context)
            default: Issue.record(context)
            }
        }
        #expect(accepted > 2_000)
    }
}
