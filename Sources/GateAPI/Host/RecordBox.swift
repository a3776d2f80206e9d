/// A record without its type, or the reason why it could not be read.
// Safe: every stored property is a `let` of a Sendable type. The compiler cannot check a class that is not final.
@usableFromInline
package class RecordBox: @unchecked Sendable {
    package let type: ObjectIdentifier
    @usableFromInline package let failure: InputFailure?
    /// For a readable record of reservations: the entry that reserved last, empty if none did. `nil` for all others.
    package let lastReservation: String?

    fileprivate init(_ type: ObjectIdentifier, failure: InputFailure?, lastReservation: String?) {
        self.type = type
        self.failure = failure
        self.lastReservation = lastReservation
    }

    package static func of<Record: StateRecord>(_ record: Record) -> RecordBox {
        TypedRecordBox(record)
    }

    package static func failed<Record: StateRecord>(_ type: Record.Type, _ failure: InputFailure) -> RecordBox {
        TypedRecordBox<Record>(failure)
    }
}

// Safe: it adds one `let` of a Sendable type to its superclass.
@usableFromInline
final class TypedRecordBox<Record: StateRecord>: RecordBox, @unchecked Sendable {
    @usableFromInline let record: Record?

    init(_ record: Record) {
        self.record = record
        super.init(
            ObjectIdentifier(Record.self), failure: nil, lastReservation: (record as? any ReservationRecord)?.last)
    }

    init(_ failure: InputFailure) {
        record = nil
        let isUnreserved = Record.self is any ReservationRecord.Type && failure == .missing
        super.init(ObjectIdentifier(Record.self), failure: failure, lastReservation: isUnreserved ? "" : nil)
    }
}
