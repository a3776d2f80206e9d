import GateAPI

/// Limits the leverage of an order.
struct LeverageCap: Gate {
    struct Settings: GateSettings {
        @Setting("Highest leverage", in: 1...125, default: 10) var limit: Amount
    }

    enum Reason: String, ReasonCode {
        case tooHigh = "leverage_too_high"
        var summary: String { "The plan's leverage is above the limit." }
    }

    static let name = "leverage-cap"
    static let summary = "Blocks plans above a leverage."
    static let records: [any StateRecord.Type] = []

    private let settings: Settings

    init(settings: Settings) { self.settings = settings }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let leverage = intent.fields.amount("leverage")
        if case .absent = leverage { return .pass }
        guard let value = leverage.value else { return .abstain(leverage.abstainReason(absent: .inputMissing)) }
        evidence.add("leverage", value)
        evidence.add("limit", settings.limit)
        return value > settings.limit ? .block(.tooHigh) : .pass
    }
}
