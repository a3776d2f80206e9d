public import GateAPI

/// `quantum:state:market:{symbol}`: the state of a symbol's market. The record has no time.
public struct MarketState: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.perSymbol(prefix: "quantum:state:market:")]

    /// Volatility per period as a ratio, positive; `nil` if the record has none.
    public var sigma: Amount?

    public var timestamp: Timestamp? { nil }

    public init(sigma: Amount?) {
        self.sigma = sigma
    }

    public init(fields: Fields) throws(InputFailure) {
        let sigma = try fields.optional("sigma", rounding: .awayFromZero)
        guard sigma.map({ !$0.isNegative }) ?? true else { throw .malformed(field: "sigma") }
        self.sigma = sigma.flatMap { $0.isZero ? nil : $0 }
    }
}
