public import GateAPI

/// `quantum:portfolio:heat`: the portfolio's risk as a share of its equity, Σ |notional| · σ / equity, computed by
/// the budget service.
public struct PortfolioHeat: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:portfolio:heat")]

    /// A ratio, zero or more.
    public var heat: Amount
    /// In USD, positive.
    public var equity: Amount
    public var computedAt: Timestamp

    public var timestamp: Timestamp? { computedAt }

    public init(heat: Amount, equity: Amount, computedAt: Timestamp) {
        self.heat = heat
        self.equity = equity
        self.computedAt = computedAt
    }

    public init(fields: Fields) throws(InputFailure) {
        heat = try fields.required("heat", rounding: .awayFromZero)
        guard !heat.isNegative else { throw .malformed(field: "heat") }
        equity = try fields.required("equity_usd", rounding: .towardZero)
        guard equity.isPositive else { throw .malformed(field: "equity_usd") }
        computedAt = try fields.timestamp("timestamp")
    }
}
