package import GateAPI

/// One entry of `quantum:stream:governor.decision`: the host's decision on one entry of the plans' stream.
///
/// The commit script, the commit transaction, the simulation and the readers of records take the fields' names from
/// here. ``Field/common``, ``Field/block`` and ``Field/permit`` state the order. The simulation checks that both
/// commits keep it.
package struct DecisionRecord: Sendable, Equatable {
    /// The names of the fields on the wire.
    package enum Field {
        package static let intentID: StaticString = "intent_id"
        package static let planID: StaticString = "plan_id"
        package static let symbol: StaticString = "symbol"
        package static let outcome: StaticString = "outcome"
        package static let gate: StaticString = "gate"
        package static let reason: StaticString = "reason"
        package static let gates: StaticString = "gates"
        package static let configurationHash: StaticString = "config_hash"
        package static let host: StaticString = "host"
        package static let decidedAt: StaticString = "decided_at_ms"

        package static let action: StaticString = "action"
        package static let side: StaticString = "side"
        package static let quantity: StaticString = "quantity"
        package static let plan: StaticString = "plan"

        package static let computedQuantity: StaticString = "computed_qty"
        package static let computedNotional: StaticString = "computed_notional"

        package static let firstIntentID: StaticString = "first_intent_id"
        package static let wouldBlock: StaticString = "would_block"
        package static let amendedBy: StaticString = "amended_by"
        package static let wouldAmend: StaticString = "would_amend"
        package static let failedOpen: StaticString = "failed_open"
        package static let planBytes: StaticString = "plan_bytes"
        package static let inputs: StaticString = "inputs"

        /// Every record begins with these.
        package static let common = [
            intentID, planID, symbol, outcome, gate, reason, gates, configurationHash, host, decidedAt,
        ]
        /// The record of a block goes on with these.
        package static let block = [action, side, quantity, plan]
        /// The record of a permit goes on with these.
        package static let permit = block + [computedQuantity, computedNotional]
    }

    package let intentID: String
    package let planID: String
    package let symbol: String
    package let outcome: String
    package let reason: String
    /// A JSON array with each gate's result, in pipeline order.
    package let gates: String
    /// `gate:reason` of every gate that failed open.
    package let failedOpen: [String]
    /// The notional that a permit grants, in USD.
    package let computedNotional: Amount?

    /// Reads the fields that tests and fault drills check. A field that is missing reads as empty.
    package init(_ fields: [String: String]) {
        func text(_ name: StaticString) -> String { fields[name.description] ?? "" }
        intentID = text(Field.intentID)
        planID = text(Field.planID)
        symbol = text(Field.symbol)
        outcome = text(Field.outcome)
        reason = text(Field.reason)
        gates = text(Field.gates)
        failedOpen = text(Field.failedOpen).split(separator: ",").map(String.init)
        computedNotional = try? Amount(text(Field.computedNotional))
    }
}
