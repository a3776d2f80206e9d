public import GateAPI

/// `quantum:ledger:cash`: the account's cash, without the unrealized profit of open positions, kept by whoever books
/// fills, fees and transfers.
///
/// Its writer renews it even when nothing changes: an old record cannot be told from one whose writer has died.
public struct CashBalance: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:ledger:cash")]

    /// In USD; negative where the account owes.
    public var balance: Amount
    public var recordedAt: Timestamp

    public var timestamp: Timestamp? { recordedAt }

    public init(balance: Amount, recordedAt: Timestamp) {
        self.balance = balance
        self.recordedAt = recordedAt
    }

    public init(fields: Fields) throws(InputFailure) {
        balance = try fields.required("balance_usd")
        recordedAt = try fields.timestamp("timestamp")
    }

    public var fields: [(name: String, value: String)] {
        [("balance_usd", balance.description), ("timestamp", recordedAt.epochSeconds.description)]
    }
}
