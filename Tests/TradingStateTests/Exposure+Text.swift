import GateAPI
import GateTestSupport
import TradingState

extension Exposure {
    /// `reduces 4`, `reduces ?`, `opens 14`, `opens 5 or closes 10`, `unchanged`, `unknown side_unknown`.
    var text: String {
        switch self {
        case .unchanged: "unchanged"
        case .reduces(let reduction): "reduces \(reduction.quantity.map(\.description) ?? "?")"
        case .opens(let opening):
            if case .reduceOnly(let quantity) = opening.capped {
                "opens \(opening.most) or closes \(quantity)"
            } else {
                "opens \(opening.most)"
            }
        case .unknown(let reason): "unknown \(reason.rawValue)"
        }
    }
}

extension Position {
    static func at(_ quantity: Amount, _ legs: PositionLegs? = nil) -> Position {
        Position(quantity: quantity, legs: legs, markPrice: nil, timestamp: nil)
    }
}

extension Intent {
    /// A plan in words, such as `SELL 4 FULL_CLOSE reduceOnly=true`.
    static func plan(_ words: String) throws -> Intent {
        guard let intent = Fields.plan(LedgerRow.pairs(words)).parsed.intent else { throw NoIntent() }
        return intent
    }
}
