/// The records of one symbol, or those that are not kept per symbol. It holds a handful: a linear search by type is
/// faster than hashing.
@usableFromInline
package struct RecordList: Sendable {
    /// A box by its type, without reference counting, because every gate looks up several.
    ///
    /// Safe: `boxes` of the same list retains the box, and the caller of a look-up holds the list.
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
            // Safe: `entry(_:)` found this entry by the type that its box names.
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
