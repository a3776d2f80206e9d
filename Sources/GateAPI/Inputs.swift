/// The records that a gate may read, and the time at which it judges.
public struct Inputs: Sendable {
    /// The time of the decision.
    public package(set) var now: Timestamp
    @usableFromInline var symbols: [Symbol: RecordList] = [:]
    /// The records that are not kept per symbol.
    @usableFromInline var shared = RecordList()
    /// The symbol of the intent that is judged, and its records. Nearly every look-up is for these.
    @usableFromInline var focus: Symbol?
    @usableFromInline var focused = RecordList()

    /// A record may be this far in the future before it is refused: the clocks of two machines differ a little.
    package static let clockSkewTolerance: Duration = .seconds(2)

    /// For tests and tools: inputs without records.
    public init(now: Timestamp) {
        self.now = now
    }

    /// For tests and tools: sets one record.
    public mutating func set<Record: StateRecord>(_ record: Record, for symbol: Symbol) {
        set(.of(record), for: InputKey(Record.self, symbol))
    }

    /// For tests and tools: makes reading one record fail.
    public mutating func fail(_ record: any StateRecord.Type, for symbol: Symbol, _ failure: InputFailure) {
        set(.failed(record, failure), for: InputKey(record, symbol))
    }

    /// The record at any age. Throws the ``InputFailure`` if it could not be read.
    @inlinable
    public func record<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) throws(InputFailure) -> Record {
        guard let entry = entry(type, symbol) else { throw .notRequested }
        if let record = entry.record(type) { return record }
        throw entry.failure ?? .notRequested
    }

    /// The record at any age, `nil` if it is missing.
    @inlinable
    public func optional<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) throws(InputFailure) -> Record? {
        guard let entry = entry(type, symbol) else { throw .notRequested }
        if let record = entry.record(type) { return record }
        if case .missing? = entry.failure { return nil }
        throw entry.failure ?? .notRequested
    }

    /// The record, not older than `limit` and not from the future. A record without a time is always fresh.
    @inlinable
    public func fresh<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol, within limit: Duration)
        throws(InputFailure) -> Record
    {
        let record = try record(type, symbol)
        if let timestamp = record.timestamp { try checkAge(of: timestamp, limit) }
        return record
    }

    @usableFromInline
    func checkAge(of timestamp: Timestamp, _ limit: Duration) throws(InputFailure) {
        let age = now.since(timestamp)
        guard age <= limit else { throw .stale(age: age, limit: limit) }
        guard age >= .zero - Self.clockSkewTolerance else { throw .futureDated(by: .zero - age) }
    }

    /// Seconds since the record's own time, zero for a record without a time.
    public func age(of record: some StateRecord) -> Amount {
        record.timestamp.map { Amount(units: now.microseconds(since: $0), decimals: 6) } ?? .zero
    }
}
