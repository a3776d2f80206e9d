package import GateAPI
import GateHost

/// A gate that does what the intent's field `ask` says: pass, block, advise, amend, grow, abstain, throw.
package struct ScriptedGate<Name: GateNaming>: Gate {
    package typealias Settings = NoSettings

    package enum Reason: String, ReasonCode {
        case scripted = "scripted_reason"
        package var summary: String { "As the plan asked." }
    }

    package static var name: String { Name.name }
    package static var summary: String { "Does what the plan asks." }
    package static var records: [any StateRecord.Type] { [] }

    package init(settings: NoSettings) {}

    package func evaluate(_ intent: Intent, _ inputs: Inputs) throws -> Verdict<Reason> {
        switch intent.fields["ask-\(Name.name)"] {
        case "block": return .block(.scripted, evidence: ["limit": 1])
        case "advise": return .block(.scripted, advisory: true)
        case "amend": return .amend(.quantity(Amount(units: (intent.quantity.value?.units ?? 0) / 2)), .scripted)
        case "grow": return .amend(.quantity(1_000_000), .scripted)
        case "abstain": return .abstain(.priceUnknown)
        case "throw": throw ScriptedError()
        default: return .pass(evidence: ["quantity": intent.quantity.value ?? 0])
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

package let scriptedGates: [any Gate.Type] = [ScriptedGate<Alpha>.self, ScriptedGate<Beta>.self, ScriptedGate<Gamma>.self]
