public import GateAPI

/// `quantum:ledger:cash`: the account's cash, without the unrealized profit of open positions. The service that books
/// fills, fees and transfers keeps it.
///
/// The writer renews the record even if nothing changes: readers take an old record for one whose writer has died.
public struct CashBalance: StateRecord, Equatable {
    public static let keys: [RecordKey] = [.single("quantum:ledger:cash")]

    /// In USD, negative if the account owes money.
    public var balance: Amount
    public var recordedAt: Timestamp

    public var timestamp: Timestamp? { recordedAt }

    public init(balance: Amount, recordedAt: Timestamp) {
        self.balance = balance
        self.recordedAt = recordedAt
    }

    public init(fields: Fields) throws(InputFailure) {
        balance = try fields.required("balance_usd", rounding: .towardZero)
        recordedAt = try fields.timestamp("timestamp")
    }

    package var fields: [(name: String, value: String)] {
        [("balance_usd", balance.description), ("timestamp", recordedAt.epochSeconds.description)]
    }
}
