import GateAPI

/// Blocks new exposure of strategies with low confidence.
struct MinConfidence: Gate {
    struct Settings: GateSettings {
        @Setting("Lowest confidence of a plan that opens", unit: "ratio", in: 0...1, default: Amount(percent: 20))
        var limit: Amount
    }

    enum Reason: String, ReasonCode {
        case tooLow = "confidence_too_low"
        var summary: String { "The plan's confidence is below the limit." }
    }

    static let name = "min-confidence"
    static let summary = "Blocks new exposure of plans with little confidence."
    static let records: [any StateRecord.Type] = []

    private let settings: Settings

    init(settings: Settings) { self.settings = settings }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        guard intent.opens else { return .pass }
        let confidence = intent.fields.amount("confidence")
        guard let value = confidence.value else { return .abstain(confidence.abstainReason(absent: .inputMissing)) }
        evidence.add("confidence", value)
        evidence.add("limit", settings.limit)
        return value < settings.limit ? .block(.tooLow) : .pass
    }
}
