import GateAPI

/// Limits the notional of a single order.
struct MaxNotional: Gate {
    struct Settings: GateSettings {
        @Setting("Largest notional of one order", unit: "USD", default: 10_000) var limit: Amount
    }

    enum Reason: String, ReasonCode {
        case tooLarge = "order_notional_too_large"
        var summary: String { "The order's notional is above the limit." }
    }

    static let name = "max-notional"
    static let summary = "Blocks orders above a notional."
    static let records: [any StateRecord.Type] = []

    private let settings: Settings

    init(settings: Settings) { self.settings = settings }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard intent.opens else { return .pass }
        guard let quantity = intent.quantity.value else { return .abstain(.quantityUnknown) }
        guard let price = intent.price.value else { return .abstain(.priceUnknown) }
        let notional = try quantity.multiplied(by: price, rounding: .awayFromZero)
        evidence.add("notional", notional)
        evidence.add("limit", settings.limit)
        return notional > settings.limit ? .block(.tooLarge) : .pass
    }
}
