/// A record, or why there is none, without its type: what the host keeps for the gates.
@usableFromInline
// Only because classes that are not final cannot be checked: all it has is `let` and Sendable.
package class RecordBox: @unchecked Sendable {
    package let type: ObjectIdentifier
    @usableFromInline package let failure: InputFailure?
    /// For reservations: the entry that reserved last, empty where none did; `nil` for all other records and where it
    /// cannot be read.
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

@usableFromInline
// Restates its superclass's; it adds one `let` that is Sendable.
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

/// The records of one symbol, or those of none. A handful: looking through their types beats hashing.
@usableFromInline
package struct RecordList: Sendable {
    /// A box by its type, without counting references: every gate looks up several.
    ///
    /// Safe: the list that holds the entry holds the box too, and whoever looks up holds the list.
    @usableFromInline struct Entry: Sendable {
        @usableFromInline let type: ObjectIdentifier
        @usableFromInline let box: Unmanaged<RecordBox>

        init(_ box: RecordBox) {
            type = box.type
            self.box = .passUnretained(box)
        }

        /// The record; `nil` for a failure. `type` must be that of the entry.
        @inlinable @inline(__always)
        func record<Record: StateRecord>(_ type: Record.Type) -> Record? {
            // The entry has the type that its box names, so the cast holds.
            box._withUnsafeGuaranteedRef { unsafeDowncast($0, to: TypedRecordBox<Record>.self).record }
        }

        @inlinable var failure: InputFailure? { box._withUnsafeGuaranteedRef { $0.failure } }
    }

    @usableFromInline var entries: [Entry] = []
    private var boxes: [RecordBox] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    package func contains(_ type: ObjectIdentifier) -> Bool { entry(type) != nil }

    package func box(_ type: ObjectIdentifier) -> RecordBox? { entry(type)?.box.takeUnretainedValue() }

    @inlinable @inline(__always)
    func entry(_ type: ObjectIdentifier) -> Entry? {
        for index in entries.indices where entries[index].type == type { return entries[index] }
        return nil
    }

    package mutating func set(_ box: RecordBox) {
        if let index = entries.firstIndex(where: { $0.type == box.type }) {
            entries[index] = Entry(box)
            boxes[index] = box
        } else {
            entries.append(Entry(box))
            boxes.append(box)
        }
    }

    package mutating func remove(_ type: ObjectIdentifier) {
        guard let index = entries.firstIndex(where: { $0.type == type }) else { return }
        entries.remove(at: index)
        boxes.remove(at: index)
    }
}
