import GateAPI
import TradingState

/// The size that a permit grants: an open carries the order's quantity, a close at most the position.
enum Sizing {
    /// A position snapshot older than this no longer tells how much there is to close.
    static let positionMaxAge: Duration = .seconds(300)

    static let records: [any StateRecord.Type] = [Position.self]

    static func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(Position.self, intent.symbol)
    }

    static func permit(for intent: Intent, published: Intent, extraCooldown: Duration, _ inputs: Inputs) -> Permit {
        let position = position(of: intent, inputs)
        let quantity: Amount =
            switch intent.exposure(from: position?.quantity) {
            case .unchanged: .zero
            case .reduces(let quantity): quantity ?? .zero
            case .adds: intent.quantity.value ?? .zero
            // The effect is unknown. An order still has its quantity; anything else gets none.
            case .unknown: intent.uncappedOrder == nil ? .zero : intent.quantity.value ?? .zero
            }
        let notional = (intent.price.value ?? position?.markPrice).flatMap { try? quantity * $0 } ?? .zero
        var permit = Permit(symbol: intent.symbol, quantity: quantity, notional: notional, createdAt: inputs.now)
        permit.extraCooldown = extraCooldown
        permit.downsizeFactor = min(
            ratio(intent.quantity.value, to: published.quantity.value),
            ratio(intent.closeFraction, to: published.closeFraction))
        return permit
    }

    /// Whether a fresh position proves that the intent takes on no exposure.
    static func showsNoNewExposure(_ intent: Intent, _ inputs: Inputs) -> Bool {
        switch intent.exposure(from: position(of: intent, inputs)?.quantity) {
        case .reduces, .unchanged: true
        case .adds, .unknown: false
        }
    }

    private static func position(of intent: Intent, _ inputs: Inputs) -> Position? {
        try? inputs.position(intent.symbol, within: positionMaxAge, missing: .unknown)
    }

    private static func ratio(_ amended: Amount?, to original: Amount?) -> Amount {
        guard let amended, let original, let ratio = try? amended.divided(by: original, rounding: .towardZero) else {
            return .one
        }
        return ratio
    }
}
