import GateAPI

/// Blocks quantities that are not multiples of the exchange's step.
struct QuantityStep: Gate {
    struct Settings: GateSettings {
        @Setting("The quantity's step", unit: "base", default: Amount(units: 1, decimals: 6)) var step: Amount
    }

    enum Reason: String, ReasonCode {
        case offStep = "quantity_off_step"
        var summary: String { "The order's quantity is not a multiple of the step." }
    }

    static let name = "quantity-step"
    static let summary = "Blocks quantities that the exchange would refuse."
    static let records: [any StateRecord.Type] = []

    private let settings: Settings

    init(settings: Settings) throws {
        guard settings.step.isPositive else { throw SettingsError("the step must be positive", key: "step") }
        self.settings = settings
    }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard let quantity = intent.quantity.value else { return .pass }
        guard quantity.units % settings.step.units == 0 else {
            evidence.add("quantity", quantity)
            evidence.add("step", settings.step)
            return .block(.offStep)
        }
        return .pass
    }
}
