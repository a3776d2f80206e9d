@testable import Deployment
import GateAPI
import Testing

@Suite("The registry of gates")
struct GateRegistryTests {
    @Test("describes each gate")
    func describes() throws {
        let registry = try testRegistry()
        #expect(registry.names == ["p28-budget", "heat", "plain", "refusing"])
        #expect(registry["heat"] == HeatingGate.self)
        #expect(registry["heats"] == nil)
        let gate = try #require(registry.description(of: "p28-budget"))
        #expect(gate.summary == "Holds positions to a budget.")
        #expect(gate.modeVariable == "P28_MODE")
        #expect(gate.records == ["test:budget:{symbol}", "test:budget"])
        #expect(gate.reasons.map(\.code) == ["budget_over"])
        #expect(gate.settings.map(\.key) == ["max_age", "share", "strict", "orders"])
        #expect(gate.settings.map(\.defaultText) == ["5m", "0.5", "false", "10"])
        #expect(gate.settings.map(\.range) == ["1s...24h", "0...1", nil, "1...100"])
    }

    @Test(
        "refuses gates that a host cannot run",
        arguments: [
            ([BadName.self], "gate BadName: the name 'Bad_Name' is not made of lower-case words joined by '-'"),
            ([DanglingName.self], "gate DanglingName: the name 'bad-' is not made of lower-case words joined by '-'"),
            ([PlainGate.self, HeatingGate.self, PlainGate.self], "two gates are named 'plain'"),
            ([BadReason.self], "gate 'bad-reason': the reason code 'too-hot' is not made of a-z, 0-9 and _"),
            ([BareSettings.self], "gate 'bare': a settings struct holds @Setting properties only"),
        ] as [([any Gate.Type], String)])
    func refuses(_ gates: [any Gate.Type], _ message: String) {
        let error = #expect(throws: GateRegistryError.self) { try GateRegistry(gates) }
        #expect(error?.description == message)
    }
}

private protocol Blank: Gate {}

extension Blank {
    static var summary: String { "" }
    static var records: [any StateRecord.Type] { [] }
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> { .pass }
}

private struct BadName: Blank {
    typealias Reason = PlainGate.Reason
    static let name = "Bad_Name"
    init(settings: NoSettings) {}
}

private struct DanglingName: Blank {
    typealias Reason = PlainGate.Reason
    static let name = "bad-"
    init(settings: NoSettings) {}
}

private struct BadReason: Blank {
    enum Reason: String, ReasonCode {
        case hot = "too-hot"
        var summary: String { "" }
    }
    static let name = "bad-reason"
    init(settings: NoSettings) {}
}

private struct BareSettings: Blank {
    struct Settings: GateSettings {
        var limit = 5
        init() {}
    }
    typealias Reason = PlainGate.Reason
    static let name = "bare"
    init(settings: Settings) {}
}
