import GateAPI

/// Fails as the intent's field `ask-faulty` says, and passes an intent without that field.
struct FaultyGate: Gate {
    typealias Settings = NoSettings

    enum Reason: String, ReasonCode {
        case asked = "faulty_asked"

        var summary: String { "The plan asked for an event that cannot be rendered." }
    }

    static let name = "faulty"
    static let summary = "Does what a gate must not do, when the plan asks for it."
    static let records: [any StateRecord.Type] = []

    private static let field = "ask-\(name)"
    private static let inRequest = "-in-request"

    init(settings: NoSettings) {}

    func request(for intent: Intent, _ inputs: inout InputRequest) {
        guard let ask = intent.fields[named: Self.field], ask.hasSuffix(Self.inRequest) else { return }
        FaultyAction(String(ask.dropLast(Self.inRequest.count)))?.perform()
    }

    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        switch intent.fields[named: Self.field] {
        case nil: return .pass
        case "throw"?: throw Asked()
        case "trap-in-event"?: return .block(.asked, effects: [Unrenderable()])
        case let ask?:
            FaultyAction(ask)?.perform()
            return .pass
        }
    }

    private struct Asked: Error {}

    private struct Unrenderable: StreamEvent {
        static let stream = "quantum:stream:faulty"
        static let maximumLength = 1

        func fields(enforced: Bool) -> [(name: String, value: String)] {
            FaultyAction.trap.perform()
            return []
        }
    }
}
