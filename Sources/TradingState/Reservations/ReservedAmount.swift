public import GateAPI

/// One plan's reservation.
public struct ReservedAmount: Sendable, Equatable {
    public let planID: String
    public let amount: Amount
    public let expiresAt: Timestamp
    /// The time at which the execution layer reported the order as executed. From then on the reservation counts until
    /// a record shows the order, at most one hour.
    public let executedAt: Timestamp?

    public init(planID: String, amount: Amount, expiresAt: Timestamp, executedAt: Timestamp? = nil) {
        self.planID = planID
        self.amount = amount
        self.expiresAt = expiresAt
        self.executedAt = executedAt
    }

    /// Whether it has not expired and a record of the time `shown` does not show it yet.
    public func isInForce(at now: Timestamp, shown: Timestamp?) -> Bool {
        guard expiresAt > now else { return false }
        guard let executedAt, let shown else { return true }
        return shown <= executedAt
    }
}
