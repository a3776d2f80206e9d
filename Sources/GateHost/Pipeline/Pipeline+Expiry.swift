import Deployment
import GateAPI
import TradingState

/// An intent that waited longer than `intake.expire_after`.
enum ExpiredIntent {
    /// The reason of its skip, and of a permit that grants only what it may close.
    static let reason = "intent_expired"

    /// What is left of it to judge.
    enum Rest {
        /// It can open nothing.
        case all
        /// What it may close. The rest of the order could open.
        case close(Intent)
        /// It can close nothing, in any world.
        case nothing
    }
}

extension Pipeline {
    /// What an expired intent may still do. An open is too late: the price has moved, and nobody waits for the permit.
    /// A close never expires, and neither does what may be one.
    func rest(of intent: Intent, _ inputs: Inputs) -> ExpiredIntent.Rest {
        switch sizing.exposure(of: intent, inputs) {
        case .unchanged, .reduces: return .all
        case .opens(let opening):
            guard let capped = opening.capped else { return .nothing }
            if reduceOnly == .honoured { return limit(intent, to: capped) }
            // Nothing caps the order, but it can be as small as what it closes.
            guard let most = opening.closable else { return intent.action.isClose ? .all : .nothing }
            return limit(intent, to: .quantity(min(most, opening.quantity)))
        case .unknown:
            if reduceOnly == .honoured, let capped = intent.capped { return limit(intent, to: capped) }
            // The gates judge it as the close that it says it is.
            return intent.action.isClose ? .all : .nothing
        }
    }

    private func limit(_ intent: Intent, to amendment: Amendment) -> ExpiredIntent.Rest {
        intent.amended(amendment).map { .close($0) } ?? .nothing
    }
}
