/// Names one record that a gate wants to read.
public struct InputKey: Sendable, Hashable {
    public let record: any StateRecord.Type
    /// `nil` for records that are not kept per symbol.
    public let symbol: Symbol?

    init(_ record: any StateRecord.Type, _ symbol: Symbol) {
        self.record = record
        self.symbol = record.keys.contains(where: \.isPerSymbol) ? symbol : nil
    }

    /// The Redis keys under which the record may be found.
    public var redisKeys: [String] {
        record.keys.map { key in
            switch key {
            case .perSymbol(let prefix): prefix + (symbol?.name ?? "")
            case .single(let name): name
            }
        }
    }

    public static func == (left: InputKey, right: InputKey) -> Bool {
        ObjectIdentifier(left.record) == ObjectIdentifier(right.record) && left.symbol == right.symbol
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(record))
        hasher.combine(symbol)
    }
}

/// Collects what the gates need for a batch of intents, each record once.
public struct InputRequest: Sendable {
    public private(set) var keys: [InputKey] = []
    private var seen: Set<InputKey> = []

    public init() {}

    public mutating func add(_ record: any StateRecord.Type, _ symbol: Symbol) {
        let key = InputKey(record, symbol)
        if seen.insert(key).inserted { keys.append(key) }
    }
}

/// The records read for a batch, and the moment at which it is judged.
public struct Inputs: Sendable {
    /// The time of the decision.
    public let now: Timestamp
    private var records: [InputKey: Result<any StateRecord, InputFailure>] = [:]

    /// How far in the future a record's timestamp may lie before it is refused: the clocks of two machines differ a little.
    public static let clockSkewTolerance: Duration = .seconds(2)

    public init(now: Timestamp) {
        self.now = now
    }

    public mutating func set(_ result: Result<any StateRecord, InputFailure>, for key: InputKey) {
        records[key] = result
    }

    func result(for key: InputKey) -> Result<any StateRecord, InputFailure>? { records[key] }

    /// For tests and tools: sets one record.
    public mutating func set<Record: StateRecord>(_ record: Record, for symbol: Symbol) {
        records[InputKey(Record.self, symbol)] = .success(record)
    }

    /// For tests and tools: makes one record fail.
    public mutating func fail(_ record: any StateRecord.Type, for symbol: Symbol, _ failure: InputFailure) {
        records[InputKey(record, symbol)] = .failure(failure)
    }

    /// The record, whatever its age. Throws what kept it from being read.
    public func record<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) throws(InputFailure) -> Record {
        switch records[InputKey(type, symbol)] {
        case .success(let record):
            guard let record = record as? Record else { throw .notRequested }
            return record
        case .failure(let failure): throw failure
        case nil: throw .notRequested
        }
    }

    /// The record, whatever its age; `nil` where it is not there.
    public func optional<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol) throws(InputFailure) -> Record? {
        if case .failure(.missing) = records[InputKey(type, symbol)] { return nil }
        return try record(type, symbol)
    }

    /// The record if it is no older than `limit` and not from the future. Records without a time are always fresh.
    public func fresh<Record: StateRecord>(_ type: Record.Type, _ symbol: Symbol, within limit: Duration) throws(InputFailure) -> Record {
        let record = try record(type, symbol)
        if let timestamp = record.timestamp {
            let age = now.since(timestamp)
            guard age <= limit else { throw .stale(age: age, limit: limit) }
            guard age >= .zero - Self.clockSkewTolerance else { throw .futureDated(by: .zero - age) }
        }
        return record
    }

    /// Seconds since the record's own time; zero for records without one.
    public func age(of record: some StateRecord) -> Amount {
        record.timestamp.map { now.since($0).seconds } ?? .zero
    }
}
