/// A record of the reservations in one pool and symbol. It is always kept per symbol.
@usableFromInline
package protocol ReservationRecord: StateRecord {
    /// Nothing is reserved.
    init()
    /// The entry that reserved last, empty if none did. A commit that expects another entry has lost a race.
    var last: String { get }
    mutating func add(_ amount: Amount, planID: String, by entry: EntryID, until expiry: Timestamp)
}

extension Inputs {
    /// The entry that reserved last, for the commit to compare. `nil` if the record was not requested or could not be
    /// read: then nothing may be reserved.
    package func lastReservation(_ reservation: Reservation) -> String? {
        box(for: InputKey(reservation.record, perSymbol: reservation.symbol))?.lastReservation
    }

    /// Shows later intents of the same batch a reservation that is about to be committed.
    package mutating func reserve(
        _ reservation: Reservation, planID: String, by entry: EntryID, until expiry: Timestamp
    ) {
        reserve(reservation.record, reservation, planID: planID, by: entry, until: expiry)
    }

    private mutating func reserve<Record: ReservationRecord>(
        _ type: Record.Type, _ reservation: Reservation, planID: String, by entry: EntryID, until expiry: Timestamp
    ) {
        var record = (try? optional(type, reservation.symbol)) ?? Record()
        record.add(reservation.amount, planID: planID, by: entry, until: expiry)
        set(.of(record), for: reservation.key)
    }
}
