package import GateAPI

/// One of the records of a symbol's position, of which the newest counts, readable or not: a record that cannot be read
/// must not become the position that an older one shows.
package struct PositionGeneration<Record: StateRecord>: Sendable {
    package let record: Result<Record, InputFailure>
    /// `nil` if it cannot be read. Such a record may be the newest.
    package let takenAt: Timestamp?
    /// Whether its key spells the symbol in lower case, so that no gate reads it. Then it counts as unreadable.
    package let isMisspelled: Bool

    /// - Parameter fields: `.missing` if there is no such record.
    package init(_ fields: Result<Fields, InputFailure>, isMisspelled: Bool = false) {
        self.isMisspelled = isMisspelled
        switch fields {
        case .failure(let failure):
            record = .failure(failure)
            takenAt = nil
        case .success(let fields):
            takenAt = try? fields.timestamp("ts_epoch")
            record = Result { () throws(InputFailure) in
                guard !isMisspelled else { throw .malformed(field: "symbol") }
                return try Record(fields: fields)
            }
        }
    }

    /// A record that was read elsewhere.
    package init(_ record: Result<Record, InputFailure>) {
        self.record = record
        takenAt = (try? record.get())?.timestamp
        isMisspelled = false
    }

    /// The newest of the records; `nil` without any.
    package static func newest(_ generations: some Sequence<Self>) -> Self? {
        generations.filter { !$0.isMissing }.reduce(nil) { newest, next in
            newest.map { next.supersedes($0) ? next : $0 } ?? next
        }
    }

    private var isMissing: Bool {
        if case .failure(.missing) = record { true } else { false }
    }

    /// Of two records of one time, the readable one counts.
    private func supersedes(_ other: Self) -> Bool {
        guard let otherTime = other.takenAt else { return false }
        guard let takenAt else { return true }
        return takenAt == otherTime ? (try? other.record.get()) == nil : takenAt > otherTime
    }
}
