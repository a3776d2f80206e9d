/// The records that gates may read, and the moment at which they judge.
public struct Inputs: Sendable {
    /// The time of the decision.
    public package(set) var now: Timestamp
    @usableFromInline var symbols: [Symbol: RecordList] = [:]
    /// The records that are not kept per symbol.
    @usableFromInline var shared = RecordList()
    /// The symbol that is being judged, with its records: nearly every look-up is for these.
    @usableFromInline var focus: Symbol?
    @usableFromInline var focused = RecordList()

    /// How far in the future a record's timestamp may lie before it is refused: the clocks of two machines differ a
    /// little.
    public static let clockSkewTolerance: Duration = .seconds(2)

    public init(now: Timestamp) {
        self.now = now
    }

    /// For tests and tools: sets one record.
    public mutating func set<Record: StateRecord>(_ record: Record, for symbol: Symbol) {
        set(.of(record), for: InputKey(Record.self, symbol))
    }

    /// For tests and tools: makes one record fail.
    public mutating func fail(_ record: any StateRecord.Type, for symbol: Symbol, _ failure: InputFailure) {
        set(.failed(record, failure), for: InputKey(record, symbol))
    }

    /// For tests and tools: sets what reading one record came to.
    public mutating func set(_ result: Result<any StateRecord, InputFailure>, for key: InputKey) {
        switch result {
        case .success(let record): set(.of(record), for: key)
        case .failure(let failure): set(.failed(key.record, failure), for: key)
        }
    }

    /// The record, whatever its age. Throws what kept it from being read.
    @inlinable
    public func record<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) throws(InputFailure) -> Record {
        guard let entry = entry(type, symbol) else { throw .notRequested }
        if let record = entry.record(type) { return record }
        throw entry.failure ?? .notRequested
    }

    /// The record, whatever its age; `nil` where it is not there.
    @inlinable
    public func optional<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) throws(InputFailure) -> Record? {
        guard let entry = entry(type, symbol) else { throw .notRequested }
        if let record = entry.record(type) { return record }
        if case .missing? = entry.failure { return nil }
        throw entry.failure ?? .notRequested
    }

    /// The record if it is no older than `limit` and not from the future. Records without a time are always fresh.
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

    /// Seconds since the record's own time; zero for records without one.
    public func age(of record: some StateRecord) -> Amount {
        record.timestamp.map { Amount(units: (Int128(now.microseconds) - Int128($0.microseconds)) * 100) } ?? .zero
    }
}

extension Inputs {
    /// Turns to the symbol that is judged next.
    package mutating func focus(on symbol: Symbol) {
        guard focus != symbol else { return }
        focus = symbol
        focused = symbols[symbol] ?? RecordList()
    }

    package func contains(_ key: InputKey) -> Bool {
        let type = ObjectIdentifier(key.record)
        guard let symbol = key.symbol else { return shared.contains(type) }
        return symbol == focus ? focused.contains(type) : symbols[symbol]?.contains(type) ?? false
    }

    package func box(for key: InputKey) -> RecordBox? {
        guard let symbol = key.symbol else { return shared.box(ObjectIdentifier(key.record)) }
        return (symbol == focus ? focused : symbols[symbol])?.box(ObjectIdentifier(key.record))
    }

    package mutating func set(_ box: RecordBox, for key: InputKey) {
        guard let symbol = key.symbol else { return shared.set(box) }
        symbols[symbol, default: RecordList()].set(box)
        if focus == symbol { focused.set(box) }
    }

    package mutating func remove(_ key: InputKey) {
        let type = ObjectIdentifier(key.record)
        guard let symbol = key.symbol else { return shared.remove(type) }
        symbols[symbol]?.remove(type)
        if symbols[symbol]?.isEmpty == true { symbols[symbol] = nil }
        if focus == symbol { focused.remove(type) }
    }

    package mutating func removeAll() {
        self = Inputs(now: now)
    }

    @inlinable @inline(__always)
    func entry<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) -> RecordList.Entry? {
        let isFocus = symbol == focus
        if isFocus, let entry = focused.entry(ObjectIdentifier(type)) { return entry }
        guard type.isPerSymbol else { return shared.entry(ObjectIdentifier(type)) }
        return isFocus ? nil : symbols[symbol]?.entry(ObjectIdentifier(type))
    }
}
