import GateAPI
import TradingState

/// Checks that hold for every intent's effect on a position.
enum ExposureOracle {
    private static let positions: [Amount] = [
        .zero, .one, Amount(units: -1), Amount(units: 1), 1_000_000, .max, Amount(units: .min), Amount(units: -.max),
    ]

    static func check(_ intent: Intent) {
        _ = intent.exposure(from: nil)
        for position in positions
            + [intent.quantity.value, intent.closeQuantity].compactMap(\.self).flatMap({
                [$0, Amount(units: 0 &- $0.units)]
            })
        {
            check(intent, position)
        }
    }

    private static func check(_ intent: Intent, _ position: Amount) {
        let snapshot = Position(quantity: position, markPrice: nil, timestamp: nil)
        switch intent.exposure(from: snapshot) {
        case .unchanged:
            demand(
                intent.action == .updateStop || intent.action == .hold,
                "no order from a stop or a hold only, not from \(intent.action)")
        case .reduces(let reduction):
            guard let quantity = reduction.quantity, intent.leg == nil else { return }
            demand(
                !quantity.isNegative && quantity <= position.magnitude,
                "at most \(position) to be closed, not \(quantity)")
        case .opens(let opening):
            demand(!intent.isCapped, "a capped order to open nothing")
            demand(
                opening.most >= opening.quantity, "at least \(opening.quantity) of exposure, not \(opening.most)")
            if case .reduceOnly(let most)? = opening.capped {
                demand(most.isPositive && most <= opening.quantity, "a cap of at most the order, not \(most)")
            }
        case .unknown: break
        }
    }
}
