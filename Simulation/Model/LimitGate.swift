package import GateAPI
package import TradingState

/// The gate of simulated hosts: what is under way in a symbol must not exceed its limit.
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
    package static let records: [any StateRecord.Type] = [SimulatedLimit.self, SimulatedSnapshot.self]
    package var accounts: [any StateRecord.Type] { [Account<SimulatedPool>.self] }

    package init(settings: NoSettings) {}

    /// A plan with the field `ask` takes nothing. The gate judges it by the limit alone, which the host may have
    /// cached.
    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        inputs.add(SimulatedLimit.self, intent.symbol)
        if Self.claims(intent) { inputs.add(SimulatedSnapshot.self, intent.symbol) }
    }

    package func evaluate(_ intent: Intent, _ inputs: Inputs, _ evidence: inout Evidence) throws -> Verdict<Reason> {
        let symbol = intent.symbol
        let limit = try inputs.record(SimulatedLimit.self, symbol)
        evidence.add("version", limit.version)
        evidence.add("limit", limit.limit)
        guard let order = intent.quantity.value else { return .abstain(.quantityUnknown) }
        if intent.fields["ask"] == "block" { return .block(.asked) }
        guard Self.claims(intent) else { return order > limit.limit ? .block(.overLimit) : .pass }
        if let time = try inputs.optional(SimulatedSnapshot.self, symbol)?.timestamp {
            evidence.add("shown", Amount(Int(time.milliseconds)))
        }
        let total = try inputs.account(SimulatedPool.self, symbol)?[.ordered] ?? .zero
        if try total + order > limit.limit {
            let claim = Claim(
                taking: order, from: SimulatedPool.self, .ordered, symbol, isMoreThan: try limit.limit - order)
            return .block(.overLimit, claiming: Claims(claim))
        }
        return .pass(
            claiming: Claims(Claim(taking: order, from: SimulatedPool.self, .ordered, symbol, upTo: limit.limit)))
    }

    private static func claims(_ intent: Intent) -> Bool { intent.fields["ask"] == nil }
}

package enum SimulatedPool: AccountPool {
    package typealias ShownBy = SimulatedSnapshot

    package enum Lane: Int, CaseIterable, Sendable {
        case ordered
    }

    /// The name of the host's own pool, because taking permits back is for that alone.
    package static let name = "position"
    package static let isPerSymbol = true
    package static let shownByTime = "ts_epoch"
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

/// `simulated:snapshot:{symbol}`: its time alone, because the audit knows what it shows.
package struct SimulatedSnapshot: StateRecord {
    package static let prefix = "simulated:snapshot:"
    package static let keys: [RecordKey] = [.perSymbol(prefix: prefix)]

    package let timestamp: Timestamp?

    package init(fields: Fields) throws(InputFailure) {
        timestamp = try fields.timestamp("ts_epoch")
    }
}
