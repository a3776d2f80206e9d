package import GateAPI
package import TradingState

/// The gate of simulated hosts: a symbol's permits that are neither reported nor expired must not exceed its limit.
package struct LimitGate: Gate {
    package typealias Settings = NoSettings

    package enum Reason: String, ReasonCode {
        case overLimit = "over_limit"
        /// The plan asks for a block.
        case asked = "asked"

        package var summary: String { "Simulated." }
    }

    package static let name = "limit"
    package static let summary = "Keeps the permitted amount within a limit."
    package static let records: [any StateRecord.Type] = [SimulatedLimit.self, Reserved<SimulatedPool>.self]

    package init(settings: NoSettings) {}

    /// A plan with the field `ask` reserves nothing. The gate judges it by the limit alone, which the host may have
    /// cached.
    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(SimulatedLimit.self, intent.symbol)
        if Self.reserves(intent) { inputs.add(Reserved<SimulatedPool>.self, intent.symbol) }
    }

    package func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let limit = try inputs.record(SimulatedLimit.self, intent.symbol)
        evidence.add("version", limit.version)
        evidence.add("limit", limit.limit)
        guard let order = intent.quantity.value else { return .abstain(.quantityUnknown) }
        if intent.fields["ask"] == "block" { return .block(.asked) }
        guard Self.reserves(intent) else { return order > limit.limit ? .block(.overLimit) : .pass }
        let reservation = Reservation(in: SimulatedPool.self, intent.symbol, order)
        let reserved = try inputs.reserved(in: SimulatedPool.self, intent.symbol).inForce(at: inputs.now, shown: nil)
        let total = try reserved.reduce(order) { try $0 + $1.amount }
        return total > limit.limit ? .block(.overLimit, reserving: reservation) : .pass(reserving: reservation)
    }

    private static func reserves(_ intent: Intent) -> Bool { intent.fields["ask"] == nil }
}

package enum SimulatedPool: ReservationPool {
    package static let name = "simulated"
}

/// `simulated:limit:{symbol}` with the fields `limit` and `version`.
package struct SimulatedLimit: StateRecord {
    package static let prefix = "simulated:limit:"
    package static let keys: [RecordKey] = [.perSymbol(prefix: prefix)]

    package let limit: Amount
    package let version: Amount
    package var timestamp: Timestamp? { nil }

    package init(fields: Fields) throws(InputFailure) {
        limit = try fields.required("limit")
        version = try fields.required("version")
    }
}
