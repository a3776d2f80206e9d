package import GateAPI
import GateHost

/// A gate that does what the intent's field `ask` says: pass, block, advise, amend, grow, abstain, throw.
package struct ScriptedGate<Name: GateNaming>: Gate {
    package typealias Settings = NoSettings

    package enum Reason: String, ReasonCode {
        case scripted = "scripted_reason"
        package var summary: String { "The plan asked for it." }
    }

    package static var name: String { Name.name }
    package static var summary: String { "Does what the plan asks." }
    package static var records: [any StateRecord.Type] { [] }

    package init(settings: NoSettings) {}

    package func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        switch intent.fields[named: "ask-\(Name.name)"] {
        case "block":
            evidence.add("limit", 1)
            return .block(.scripted)
        case "advise": return .block(.scripted, advisory: true)
        case "amend": return .amend(.quantity(Amount(units: (intent.quantity.value?.units ?? 0) / 2)), .scripted)
        case "grow": return .amend(.quantity(1_000_000), .scripted)
        case "abstain": return .abstain(.priceUnknown)
        case "throw": throw ScriptedError()
        default:
            evidence.add("quantity", intent.quantity.value ?? 0)
            return .pass
        }
    }
}

package struct ScriptedError: Error {}

package protocol GateNaming: Sendable {
    static var name: String { get }
}
package enum Alpha: GateNaming { package static let name = "alpha" }
package enum Beta: GateNaming { package static let name = "beta" }
package enum Gamma: GateNaming { package static let name = "gamma" }

package let scriptedGates: [any Gate.Type] = [
    ScriptedGate<Alpha>.self, ScriptedGate<Beta>.self, ScriptedGate<Gamma>.self,
]
