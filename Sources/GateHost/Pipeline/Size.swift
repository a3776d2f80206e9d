import GateAPI
import TradingState

/// The size of a permitted order, and its share of the position's account.
struct Size {
    /// In base asset; `nil` for a close of a position that is unknown.
    let quantity: Amount?
    /// Whether there is no order.
    let isNothing: Bool
    private let standing: Claim?

    init(of intent: Intent, _ exposure: Exposure) {
        switch exposure {
        case .unchanged: self.init(.zero, isNothing: true)
        case .reduces(let reduction):
            self.init(reduction.quantity, standing: reduction.claim(intent.symbol))
        case .opens(let opening): self.init(opening.quantity)
        // The effect is unknown. An order of a known direction still has its quantity; anything else gets none.
        case .unknown: self.init(intent.lane == nil ? .zero : intent.quantity.value ?? .zero)
        }
    }

    private init(_ quantity: Amount?, isNothing: Bool = false, standing: Claim? = nil) {
        self.quantity = quantity
        self.isNothing = isNothing
        self.standing = standing
    }

    /// What the order takes, and for one that nothing caps, the bound under which it still only reduces.
    func claims(for intent: Intent) -> [Claim] {
        let amount = quantity ?? Account<PositionPool>.everything
        guard amount.isPositive, !isNothing else { return standing.map { [$0] } ?? [] }
        let shares = intent.lanes.map { Claim(taking: amount, from: PositionPool.self, $0, intent.symbol) }
        return shares + (standing.map { [$0] } ?? [])
    }
}
