/// A record, or why there is none, without its type: what the host keeps for the gates.
///
/// Safe as unchecked: immutable, and its only subclass is final and immutable too.
@usableFromInline
package class RecordBox: @unchecked Sendable {
    @usableFromInline package let failure: InputFailure?
    /// For reservations: the entry that reserved last, empty where none did; `nil` for all other records and where it cannot be read.
    package let lastReservation: String?

    fileprivate init(failure: InputFailure?, lastReservation: String?) {
        self.failure = failure
        self.lastReservation = lastReservation
    }

    package static func of<Record: StateRecord>(_ record: Record) -> RecordBox {
        TypedRecordBox(record)
    }

    package static func failed<Record: StateRecord>(_ type: Record.Type, _ failure: InputFailure) -> RecordBox {
        TypedRecordBox<Record>(failure)
    }

    package var type: ObjectIdentifier { ObjectIdentifier(RecordBox.self) }
}

@usableFromInline
final class TypedRecordBox<Record: StateRecord>: RecordBox, @unchecked Sendable {
    @usableFromInline let record: Record?

    init(_ record: Record) {
        self.record = record
        super.init(failure: nil, lastReservation: (record as? any ReservationRecord)?.last)
    }

    init(_ failure: InputFailure) {
        record = nil
        let isUnreserved = Record.self is any ReservationRecord.Type && failure == .missing
        super.init(failure: failure, lastReservation: isUnreserved ? "" : nil)
    }

    override var type: ObjectIdentifier { ObjectIdentifier(Record.self) }
}

/// The records of one symbol, or those of none. A handful: looking through their types beats hashing.
@usableFromInline
package struct RecordList: Sendable {
    @usableFromInline struct Entry: Sendable {
        @usableFromInline let type: ObjectIdentifier
        @usableFromInline let box: RecordBox

        init(_ box: RecordBox) {
            type = box.type
            self.box = box
        }
    }

    @usableFromInline var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    @inlinable
    package func box(_ type: ObjectIdentifier) -> RecordBox? {
        for index in entries.indices where entries[index].type == type { return entries[index].box }
        return nil
    }

    @inlinable
    func typedBox<Record: StateRecord>(_ type: Record.Type) -> TypedRecordBox<Record>? {
        // The list keeps each box under the type that the box itself names, so the cast holds.
        box(ObjectIdentifier(type)).map { unsafeDowncast($0, to: TypedRecordBox<Record>.self) }
    }

    package mutating func set(_ box: RecordBox) {
        if let index = entries.firstIndex(where: { $0.type == box.type }) { entries[index] = Entry(box) } else { entries.append(Entry(box)) }
    }

    package mutating func remove(_ type: ObjectIdentifier) {
        entries.removeAll { $0.type == type }
    }
}
