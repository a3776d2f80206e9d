package import GateAPI

/// `quantum:portfolio:equity_flows`: deposits less withdrawals, as operators have announced them.
package struct EquityFlows: StateRecord, Equatable {
    package static let key = "quantum:portfolio:equity_flows"
    package static let keys: [RecordKey] = [.single(key)]

    /// The sum of all flows since the key exists, in USD.
    package var total: Amount
    /// When the last one was announced.
    package var announcedAt: Timestamp

    package var timestamp: Timestamp? { announcedAt }

    package init(total: Amount, announcedAt: Timestamp) {
        self.total = total
        self.announcedAt = announcedAt
    }

    package init(fields: Fields) throws(InputFailure) {
        total = try fields.required("total_usd")
        announcedAt = try fields.timestamp("timestamp")
    }

    package var fields: [(name: String, value: String)] {
        [("total_usd", total.description), ("timestamp", announcedAt.epochSeconds.description)]
    }
}
