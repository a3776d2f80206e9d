/// What kind of limit reservations count against; each pool has a record of its own per symbol.
public protocol ReservationPool: Sendable {
    /// The pool's name in its Redis keys: lower-case words joined by `-`.
    static var name: String { get }
}

/// A share of a limit that a permitted intent takes until the records that the gate reads show its effect.
///
/// A gate declares it with its pass; the host takes it atomically with the permit, lets later intents see it, and gives
/// it back when the execution layer reports the plan or when it expires. Two hosts that read the same state cannot both
/// take it: the later commit is judged again.
public struct Reservation: Sendable {
    public let record: any ReservationRecord.Type
    public let symbol: Symbol
    /// In the pool's own unit, signed.
    public let amount: Amount

    @inlinable
    public init<Pool: ReservationPool>(in pool: Pool.Type, _ symbol: Symbol, _ amount: Amount) {
        self.init(in: Reserved<Pool>.self, symbol, amount)
    }

    @usableFromInline
    init(in record: any ReservationRecord.Type, _ symbol: Symbol, _ amount: Amount) {
        self.record = record
        self.symbol = symbol
        self.amount = amount
    }

    package var key: InputKey { InputKey(record, symbol) }

    /// The Redis key of its record.
    public var redisKey: String { Self.redisKey(of: record, symbol) }

    public static func redisKey(of record: any ReservationRecord.Type, _ symbol: Symbol) -> String {
        InputKey(record, symbol).redisKeys.first ?? ""
    }

    /// The same reservation for a smaller order.
    public func scaled(to amount: Amount) -> Reservation {
        Reservation(in: record, symbol, amount)
    }
}

/// ``Reserved`` of any pool.
public protocol ReservationRecord: StateRecord {
    /// Nothing is reserved.
    init()
    /// The entry that reserved last, empty where none did: a commit that expects another has lost a race.
    var last: String { get }
    mutating func add(_ reservation: ReservedAmount, by entry: EntryID)
}

/// How reservations are written in Redis, shared with the commit.
public enum ReservationFields {
    public static let keyPrefix = "quantum:governor:reserved:"
    /// Holds the entry that reserved last. The blank keeps it apart from plan ids, which have none.
    public static let last = "last entry"
}

/// One reservation in force.
public struct ReservedAmount: Sendable, Equatable {
    public let planID: String
    public let amount: Amount
    public let expiresAt: Timestamp
    /// When the execution layer reported the order as executed; from then on it counts until the records show it, or an
    /// hour has passed.
    public let executedAt: Timestamp?

    public init(planID: String, amount: Amount, expiresAt: Timestamp, executedAt: Timestamp? = nil) {
        self.planID = planID
        self.amount = amount
        self.expiresAt = expiresAt
        self.executedAt = executedAt
    }
}

/// `quantum:governor:reserved:{pool}:{symbol}`: what permitted intents have reserved in one pool. HASH: per plan id
/// `<amount> <expires, epoch ms> <executed, epoch ms or 0>`, and ``ReservationFields/last``.
public struct Reserved<Pool: ReservationPool>: ReservationRecord {
    public static var keys: [RecordKey] { [.perSymbol(prefix: "\(ReservationFields.keyPrefix)\(Pool.name):")] }
    public static var isPerSymbol: Bool { true }

    public private(set) var last = ""
    public private(set) var amounts: [ReservedAmount] = []

    public var timestamp: Timestamp? { nil }

    public init() {}

    public init(fields: Fields) throws(InputFailure) {
        for (name, value) in fields.pairs {
            if name == ReservationFields.last {
                guard EntryID(value) != nil else { throw .malformed(field: name) }
                last = value
                continue
            }
            let parts = value.split(separator: " ")
            guard parts.count == 3, let amount = try? Amount(String(parts[0])), let expires = Int64(parts[1]),
                let executed = Int64(parts[2])
            else {
                throw .malformed(field: name)
            }
            amounts.append(
                ReservedAmount(
                    planID: name, amount: amount, expiresAt: Timestamp(milliseconds: expires),
                    executedAt: executed == 0 ? nil : Timestamp(milliseconds: executed)))
        }
    }

    public mutating func add(_ reservation: ReservedAmount, by entry: EntryID) {
        amounts.append(reservation)
        last = entry.description
    }

    /// What is reserved by others, neither expired nor already shown by a record of the time `shown`.
    public func inForce(at now: Timestamp, shown: Timestamp?) -> [ReservedAmount] {
        amounts.filter { $0.isInForce(at: now, shown: shown) }
    }
}

extension ReservedAmount {
    /// Neither expired nor already shown by a record of the time `shown`.
    public func isInForce(at now: Timestamp, shown: Timestamp?) -> Bool {
        guard expiresAt > now else { return false }
        guard let executedAt, let shown else { return true }
        return shown <= executedAt
    }
}

extension Inputs {
    /// What is reserved in a pool; nothing where the record is missing.
    @inlinable
    public func reserved<Pool: ReservationPool>(in pool: Pool.Type, _ symbol: Symbol) throws(InputFailure) -> Reserved<
        Pool
    > {
        try optional(Reserved<Pool>.self, symbol) ?? Reserved()
    }

    /// The entry that reserved last, for the commit to compare; `nil` where the record was not requested or could not
    /// be read, so that nothing may be reserved on it.
    public func lastReservation(_ reservation: Reservation) -> String? {
        // Reservations are kept per symbol, whatever the pool.
        box(for: InputKey(reservation.record, Optional(reservation.symbol)))?.lastReservation
    }

    /// Lets later intents of the same batch see a reservation that is about to be committed.
    public mutating func reserve(_ reservation: Reservation, planID: String, by entry: EntryID, until expiry: Timestamp)
    {
        reserve(reservation.record, reservation, planID: planID, by: entry, until: expiry)
    }

    private mutating func reserve<Record: ReservationRecord>(
        _ type: Record.Type, _ reservation: Reservation, planID: String, by entry: EntryID, until expiry: Timestamp
    ) {
        var record = (try? optional(type, reservation.symbol)) ?? Record()
        record.add(ReservedAmount(planID: planID, amount: reservation.amount, expiresAt: expiry), by: entry)
        set(.of(record), for: reservation.key)
    }
}
