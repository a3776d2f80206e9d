public import GateAPI

/// `quantum:governor:reserved:{pool}:{symbol}`: the reservations of permitted intents in one pool. A hash: per plan id
/// `<amount> <expires, epoch ms> <executed, epoch ms or 0>`, and ``ReservationFields/last``.
public struct Reserved<Pool: ReservationPool>: ReservationRecord {
    public static var keys: [RecordKey] { [.perSymbol(prefix: "\(ReservationFields.keyPrefix)\(Pool.name):")] }
    public static var isPerSymbol: Bool { true }

    @usableFromInline package private(set) var last = ""
    public private(set) var amounts: [ReservedAmount] = []

    public var timestamp: Timestamp? { nil }

    @usableFromInline
    package init() {}

    /// For tests: the record after these reservations.
    public init(_ amounts: [ReservedAmount]) {
        self.amounts = amounts
    }

    public init(fields: Fields) throws(InputFailure) {
        for (name, value) in fields.pairs {
            if name == ReservationFields.last {
                guard EntryID(value) != nil else { throw .malformed(field: name) }
                last = value
                continue
            }
            let parts = value.split(separator: " ")
            guard parts.count == 3, let amount = try? Amount(String(parts[0])), let expires = Int64(parts[1]),
                let executed = Int64(parts[2])
            else {
                throw .malformed(field: name)
            }
            amounts.append(
                ReservedAmount(
                    planID: name, amount: amount, expiresAt: Timestamp(milliseconds: expires),
                    executedAt: executed == 0 ? nil : Timestamp(milliseconds: executed)))
        }
    }

    @usableFromInline
    package mutating func add(_ amount: Amount, planID: String, by entry: EntryID, until expiry: Timestamp) {
        amounts.append(ReservedAmount(planID: planID, amount: amount, expiresAt: expiry))
        last = entry.description
    }

    /// The reservations that have not expired and that a record of the time `shown` does not show yet.
    public func inForce(at now: Timestamp, shown: Timestamp?) -> [ReservedAmount] {
        amounts.filter { $0.isInForce(at: now, shown: shown) }
    }
}
