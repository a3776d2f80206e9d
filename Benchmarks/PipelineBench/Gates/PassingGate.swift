import GateAPI

/// Passes at once, to measure the cost of calling a gate.
struct PassingGate: Gate {
    enum Reason: String, ReasonCode {
        case never = "never"
        var summary: String { "Never given." }
    }

    static let name = "passing"
    static let summary = "Passes everything."
    static let records: [any StateRecord.Type] = []

    init(settings: NoSettings) {}

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) -> Verdict<Reason> { .pass }
}
