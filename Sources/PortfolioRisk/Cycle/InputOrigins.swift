import GateAPI
import TradingState

/// Where the stress inputs of a symbol come from, in words for an operator.
package struct InputOrigins: Sendable, Equatable {
    package struct Origin: Sendable, Equatable {
        package let key: String
        package let note: String
    }

    package let cluster: Origin
    package let market: Origin

    init(_ inputs: SymbolInputs) {
        cluster = Origin(
            key: ClusterStress.keyPrefix + inputs.clusterName, note: Self.note(inputs.cluster, standIn: "counts as 0"))
        market = Origin(
            key: InputKey(MarketState.self, inputs.symbol).redisKeys.joined(),
            note: Self.note(inputs.market, standIn: "counts as normal volatility"))
    }

    private static func note(_ record: Result<Fields, InputFailure>, standIn: String) -> String {
        switch record {
        case .success: "record without a time of its own"
        case .failure(.missing): "no record: \(standIn)"
        case .failure(let failure): "unreadable (\(failure.reason?.rawValue ?? "unknown")): \(standIn)"
        }
    }
}
