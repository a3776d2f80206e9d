/// A record without its type, or the reason why it could not be read.
// Safe: every stored property is a `let` of a Sendable type. The compiler cannot check a class that is not final.
@usableFromInline
package class RecordBox: @unchecked Sendable {
    package let type: ObjectIdentifier
    @usableFromInline package let failure: InputFailure?
    /// For an account that could be read, or that is empty: the sums of its lanes. `nil` for all others.
    package let totals: LaneTotals?
    /// The record's own time; `nil` if it has none or could not be read.
    package let timestamp: Timestamp?

    /// Whether it is a record that takes permits back now.
    package let isRevoking: Bool

    fileprivate init(
        _ type: ObjectIdentifier, failure: InputFailure?, totals: LaneTotals?, timestamp: Timestamp?,
        isRevoking: Bool
    ) {
        self.type = type
        self.failure = failure
        self.totals = totals
        self.timestamp = timestamp
        self.isRevoking = isRevoking
    }

    package static func of<Record: StateRecord>(_ record: Record) -> RecordBox {
        TypedRecordBox(record)
    }

    package static func of<Record: AccountRecord>(account: Record) -> RecordBox {
        TypedRecordBox(account: account)
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
            ObjectIdentifier(Record.self), failure: nil, totals: (record as? any AccountRecord)?.totals,
            timestamp: record.timestamp, isRevoking: (record as? any RevokingRecord)?.isRevoking ?? false)
    }

    /// An account that a permit has changed. The general initializer asks for conformances, which takes time.
    init(account: Record) where Record: AccountRecord {
        record = account
        super.init(
            ObjectIdentifier(Record.self), failure: nil, totals: account.totals, timestamp: nil, isRevoking: false)
    }

    init(_ failure: InputFailure) {
        record = nil
        let isEmpty = Record.self is any AccountRecord.Type && failure == .missing
        super.init(
            ObjectIdentifier(Record.self), failure: failure, totals: isEmpty ? LaneTotals() : nil, timestamp: nil,
            isRevoking: false)
    }
}
