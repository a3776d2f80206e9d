@testable import Deployment
import GateAPI

/// A gate with one setting of each kind that matters here.
struct BudgetGate: Gate {
    struct Settings: GateSettings {
        @Setting("Oldest record that counts", in: .seconds(1) ... .seconds(86_400), default: .seconds(300))
        var maxAge: Duration
        @Setting("Largest share", in: 0...1, default: Amount(percent: 50), variable: "BUDGET_SHARE")
        var share: Amount
        @Setting("Strict comparison", default: false)
        var strict: Bool
        @Setting("Orders a day", unit: "orders", in: 1...100, default: 10)
        var orders: Int
        init() {}
    }

    enum Reason: String, ReasonCode {
        case over = "budget_over"
        var summary: String { "Over | budget." }
    }

    static let name = "p28-budget"
    static let summary = "Holds positions to a budget."
    static let records: [any StateRecord.Type] = [BudgetRecord.self]
    static let modeVariable: String? = "P28_MODE"

    init(settings: Settings) throws {}
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> { .pass }
}

struct BudgetRecord: StateRecord {
    static let keys: [RecordKey] = [.perSymbol(prefix: "test:budget:"), .single("test:budget")]
    var timestamp: Timestamp? { nil }
    init(fields: Fields) throws(InputFailure) {}
}

/// Its two limits may contradict each other.
struct HeatingGate: Gate {
    struct Settings: GateSettings {
        @Setting("Warm from here", default: Amount(percent: 25), variable: "HEAT_MIN") var warm: Amount
        @Setting("Hot from here", default: Amount(percent: 65)) var hot: Amount
        init() {}
    }

    enum Reason: String, ReasonCode {
        case hot = "heat_hot"
        var summary: String { "Hot." }
    }

    static let name = "heat"
    static let summary = "Cools the portfolio."
    static let records: [any StateRecord.Type] = []

    init(settings: Settings) throws {
        guard settings.warm < settings.hot else {
            throw SettingsError("warm (\(settings.warm)) must be below hot (\(settings.hot))", key: "warm")
        }
    }
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> { .pass }
}

/// Has no settings.
struct PlainGate: Gate {
    enum Reason: String, ReasonCode {
        case no
        var summary: String { "No." }
    }

    static let name = "plain"
    static let summary = "Plain."
    static let records: [any StateRecord.Type] = []

    init(settings: NoSettings) {}
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> { .pass }
}

/// Will not be made, for a reason that no setting is behind.
struct RefusingGate: Gate {
    struct Refusal: Error, CustomStringConvertible {
        var description: String { "not today" }
    }

    static let name = "refusing"
    static let summary = "Refuses."
    static let records: [any StateRecord.Type] = []

    init(settings: NoSettings) throws { throw Refusal() }
    func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<PlainGate.Reason> {
        .pass
    }
}

func testRegistry() throws -> GateRegistry {
    try GateRegistry([BudgetGate.self, HeatingGate.self, PlainGate.self, RefusingGate.self])
}

/// The host configured by `text`, or the diagnostics.
func parse(_ text: String, environment: [String: String] = [:]) throws -> Result<HostConfiguration, ConfigurationErrors>
{
    let registry = try testRegistry()
    do throws(ConfigurationErrors) {
        return .success(
            try HostConfiguration.parse(text: text, file: "host.yaml", registry: registry, environment: environment))
    } catch {
        return .failure(error)
    }
}

func diagnostics(_ text: String, environment: [String: String] = [:]) throws -> [String] {
    switch try parse(text, environment: environment) {
    case .success: []
    case .failure(let errors): errors.diagnostics.map(\.description)
    }
}
