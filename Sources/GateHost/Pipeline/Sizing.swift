import GateAPI
import TradingState

/// What a permit grants: opens carry the order's quantity, closes at most the position.
enum Sizing {
    /// Beyond this age a snapshot no longer tells what there is to close.
    static let positionMaxAge: Duration = .seconds(300)

    static let records: [any StateRecord.Type] = [Position.self]

    static func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(Position.self, intent.symbol)
    }

    static func permit(for intent: Intent, published: Intent, extraCooldown: Duration, _ inputs: Inputs) -> Permit {
        let position = try? inputs.position(intent.symbol, within: positionMaxAge, missing: .unknown)
        let quantity: Amount =
            switch intent.exposure(from: position?.quantity) {
            case .unchanged: .zero
            case .reduces(let quantity): quantity ?? .zero
            case .adds: intent.quantity.value ?? .zero
            // Not known what it does: of an order at least the quantity is, of anything else nothing.
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

    private static func ratio(_ amended: Amount?, to original: Amount?) -> Amount {
        guard let amended, let original, let ratio = try? amended.divided(by: original, rounding: .towardZero) else {
            return .one
        }
        return ratio
    }
}
