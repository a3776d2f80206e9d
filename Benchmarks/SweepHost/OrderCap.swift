import GateAPI

/// A small gate that limits an order's notional by the plan's own price. It reads no record, so one more of its kind
/// costs a call in the pipeline and a few lines in the decision record.
///
/// The host takes each gate once, by name. Each `Position` makes another gate of this type.
struct OrderCap<Position: PipelinePosition>: Gate {
    struct Settings: GateSettings {
        @Setting("Largest order", unit: "USD", in: 1...1_000_000_000, default: 1_000_000)
        var maxNotional: Amount
    }

    enum Reason: String, ReasonCode {
        case tooLarge = "order_too_large"

        var summary: String { "The order is larger than any order may be." }
    }

    static var name: String { "order-cap-\(Position.letter)" }
    static var summary: String { "Blocks orders above a notional; one of many of its kind, for measurements." }
    static var records: [any StateRecord.Type] { [] }

    let settings: Settings

    init(settings: Settings) {
        self.settings = settings
    }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard let quantity = intent.quantity.value, let price = intent.price.value else { return .pass }
        let notional = try quantity.multiplied(by: price, rounding: .awayFromZero)
        guard notional > settings.maxNotional else { return .pass }
        evidence.add("notional", notional)
        evidence.add("limit", settings.maxNotional)
        return .block(.tooLarge)
    }
}

/// Distinguishes the order caps of a pipeline.
protocol PipelinePosition: Sendable {
    static var letter: Character { get }
}
