package import GateAPI

/// The names in Redis of the records of reservations, shared with the commit.
package enum ReservationFields {
    package static let keyPrefix = "quantum:governor:reserved:"
    /// The field of the entry that reserved last. Plan ids have no blanks, so no plan id collides with it.
    package static let last = "last entry"
}

extension Reservation {
    package var redisKey: String { Self.redisKey(of: record, symbol) }

    package static func redisKey(of record: any ReservationRecord.Type, _ symbol: Symbol) -> String {
        InputKey(record, symbol).redisKeys.first ?? ""
    }
}
