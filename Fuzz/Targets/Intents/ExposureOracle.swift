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
        switch intent.exposure(from: position) {
        case .unchanged:
            demand(
                intent.action == .updateStop || intent.action == .hold,
                "no order from a stop or a hold only, not from \(intent.action)")
        case .reduces(let quantity):
            guard let quantity else { return }
            demand(
                !quantity.isNegative && quantity <= position.magnitude,
                "at most \(position) to be closed, not \(quantity)")
        case .adds(let before, let after):
            demandEqual(before, position, "the position before")
            demand(
                after.magnitude > before.magnitude || after.isNegative != before.isNegative || before == .max
                    || before.units <= -.max,
                "\(after) to be more than \(before), or of another sign")
        case .unknown: break
        }
    }
}
