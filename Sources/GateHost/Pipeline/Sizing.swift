import Deployment
import GateAPI
import TradingState

/// What a permit grants: an open carries the order's quantity, a close at most what may remain of the position. And the
/// host's own view of an intent, for gates that cannot judge it.
struct Sizing {
    /// A position snapshot older than this no longer tells how much there is to close.
    static let positionMaxAge: Duration = .seconds(300)

    static let records: [any StateRecord.Type] = [Position.self] + Position.legRecords

    /// Whether permits count in the position's account.
    let keepsLedger: Bool
    let reduceOnly: ReduceOnlySupport

    static func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(Position.self, for: intent)
    }

    /// What the intent does to its position, as the host sees it.
    func exposure(of intent: Intent, _ inputs: Inputs) -> Exposure {
        intent.exposure(from: position(for: intent, inputs), account(of: intent, inputs))
    }

    func permit(
        for intent: Intent, published: Intent, extraCooldown: Duration, _ inputs: Inputs, _ claims: inout [Claim]
    ) -> Permit {
        let position = position(for: intent, inputs)
        let order = granted(intent, position, inputs, &claims)
        let size = Size(of: order, order.exposure(from: position, account(of: order, inputs)))
        let estimate = size.quantity == nil ? estimate(order, inputs) : nil
        let quantity = granted(size.quantity ?? estimate ?? .zero, of: published)
        let price = order.price.value ?? position?.markPrice
        // An overflow is the largest amount.
        let notional = price.map { (try? quantity.multiplied(by: $0, rounding: .awayFromZero)) ?? .max } ?? .zero
        var permit = Permit(symbol: order.symbol, quantity: quantity, notional: notional, createdAt: inputs.now)
        permit.extraCooldown = extraCooldown
        permit.isCapped = order.isCapped && !size.isNothing
        // A partial close that does not say which part says nothing here either.
        let fraction = order.closeFraction ?? (order.action == .partialClose ? nil : .one)
        permit.closeFraction = size.quantity == nil ? fraction : nil
        permit.downsizeFactor = min(
            ratio(intent.quantity.value, to: published.quantity.value),
            ratio(intent.closeFraction, to: published.closeFraction))
        if keepsLedger { claims += size.claims(for: order) }
        return permit
    }

    /// The order as it is granted: one that only reduces is granted as one that can only reduce. Else a close that is
    /// granted later may take the position away, and this order opens.
    private func granted(
        _ intent: Intent, _ position: Position?, _ inputs: Inputs, _ claims: inout [Claim]
    ) -> Intent {
        guard reduceOnly == .honoured,
            case .reduces(let reduction) = intent.exposure(from: position, account(of: intent, inputs)),
            let capped = reduction.capped, let order = intent.amended(capped)
        else { return intent }
        // By then it might pass as it is.
        if keepsLedger, let claim = reduction.claim(intent.symbol) { claims.append(claim) }
        return order
    }

    /// A quantity as the permit says it: never more than the plan says. What the plan takes on is rounded up.
    private func granted(_ quantity: Amount, of published: Intent) -> Amount {
        published.isQuantityExact || quantity != published.quantity.value ? quantity : quantity.less(Amount(units: 1))
    }

    /// Whether there is a mark price to value an order at.
    func knowsPrice(_ intent: Intent, _ inputs: Inputs) -> Bool {
        position(for: intent, inputs)?.markPrice != nil
    }

    /// The size of a close by an old snapshot, if there is no other. It may be too small.
    private func estimate(_ intent: Intent, _ inputs: Inputs) -> Amount? {
        guard let old = try? inputs.position(for: intent, within: nil),
            case .reduces(let reduction) = intent.exposure(from: old, account(of: intent, inputs))
        else { return nil }
        return reduction.quantity
    }

    private func ratio(_ amended: Amount?, to original: Amount?) -> Amount {
        // Nearly no order is amended.
        guard let amended, let original, amended != original,
            let ratio = try? amended.divided(by: original, rounding: .towardZero)
        else { return .one }
        return ratio
    }

    private func account(of intent: Intent, _ inputs: Inputs) -> Account<PositionPool>? {
        (try? inputs.account(PositionPool.self, intent.symbol)) ?? nil
    }

    private func position(for intent: Intent, _ inputs: Inputs) -> Position? {
        try? inputs.position(for: intent, within: Self.positionMaxAge)
    }
}

// MARK: Gates that cannot judge

extension Sizing {
    /// What becomes of an intent that a gate of the policy `deny` cannot judge.
    enum Fallback {
        /// It takes on no exposure in any world: it passes.
        case passes
        /// It may be a close: it passes as an order that can only reduce.
        case isCapped(Amendment)
        /// It takes on exposure, as long as there is no more to close than is known.
        case isBlocked(Claims)
    }

    func fallback(for intent: Intent, _ inputs: Inputs) -> Fallback {
        switch exposure(of: intent, inputs) {
        case .reduces, .unchanged: .passes
        case .opens(let opening): opening.capped.map { .isCapped($0) } ?? .isBlocked(opening.closing)
        case .unknown: intent.capped.map { .isCapped($0) } ?? .isBlocked(.none)
        }
    }
}
