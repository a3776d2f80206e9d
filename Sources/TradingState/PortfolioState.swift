public import GateAPI

/// `quantum:state:portfolio`: the equity of the whole portfolio, refreshed every few seconds.
public struct PortfolioState: StateRecord, Equatable {
    public static let key = "quantum:state:portfolio"
    public static let keys: [RecordKey] = [.single(key)]

    /// In USD. Zero or less is possible: then there is nothing to risk.
    public var equity: Amount
    /// The producer's time of the state.
    public var takenAt: Timestamp

    public var timestamp: Timestamp? { takenAt }

    public init(equity: Amount, takenAt: Timestamp) {
        self.equity = equity
        self.takenAt = takenAt
    }

    public init(fields: Fields) throws(InputFailure) {
        equity = try fields.required("equity_usd", rounding: .towardZero)
        takenAt = try fields.timestamp("timestamp")
    }
}
