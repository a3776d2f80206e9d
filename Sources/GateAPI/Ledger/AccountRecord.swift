/// One account of the ledger as a record: what is under way in a pool and scope.
@usableFromInline
package protocol AccountRecord: StateRecord {
    /// Nothing is under way.
    init()
    /// The pool's name in keys and in grants.
    static var poolName: String { get }
    /// The record whose time tells which executed orders it shows.
    static var shownBy: any StateRecord.Type { get }
    /// The field of that record with its time, in epoch seconds.
    static var shownByTime: String { get }
    /// How much later than a position snapshot that record tells of an order.
    static var showsAfter: Duration { get }
    var totals: LaneTotals { get set }
    /// Whether the last evidence says that there is a position.
    var isHeld: Bool { get set }
    /// The time of the newest snapshot that has let shares go.
    var shown: Timestamp? { get }
}

extension AccountRecord {
    /// The records that show what was executed: in hedge mode there may be one of each leg instead of one of the symbol.
    package static var snapshots: [any StateRecord.Type] { [shownBy] + shownBy.legRecords }
}

/// The sum of each lane of an account, in the pool's own unit.
@usableFromInline
package struct LaneTotals: Sendable, Equatable {
    package static let capacity = 8
    @usableFromInline var amounts: InlineArray<8, Amount>

    @inlinable
    package init() {
        amounts = InlineArray(repeating: .zero)
    }

    @inlinable package subscript(lane: Int) -> Amount {
        get { amounts[lane] }
        set { amounts[lane] = newValue }
    }

    /// The sum of some lanes. A sum that overflows saturates.
    package func sum(_ lanes: LaneSet) -> Amount {
        var totals = LaneTotals()
        for lane in 0..<Self.capacity where lanes.contains(lane) { totals.add(amounts[lane], to: 0) }
        return totals[0]
    }

    /// A sum that overflows saturates.
    package mutating func add(_ amount: Amount, to lane: Int) {
        amounts[lane] = (try? amounts[lane] + amount) ?? .max
    }

    package mutating func add(_ other: LaneTotals) {
        for lane in 0..<Self.capacity where !other[lane].isZero { add(other[lane], to: lane) }
    }

    @usableFromInline package static func == (left: LaneTotals, right: LaneTotals) -> Bool {
        (0..<capacity).allSatisfy { left[$0] == right[$0] }
    }
}

/// Some lanes of an account.
@usableFromInline
package struct LaneSet: Sendable, Equatable {
    private var bits: UInt8 = 0

    @usableFromInline
    package init(_ lanes: [Int]) {
        for lane in lanes { insert(lane) }
    }

    package func contains(_ lane: Int) -> Bool { bits & 1 << UInt8(lane) != 0 }

    package mutating func insert(_ lane: Int) {
        bits |= 1 << UInt8(lane)
    }
}

extension Inputs {
    /// The totals of an account; `nil` if the ledger does not keep it or it could not be read.
    package func totals(of claim: Claim) -> LaneTotals? {
        box(for: InputKey(claim.account, claim.symbol))?.totals
    }

    /// Shows later intents of the same batch what a permit takes.
    package mutating func take(_ claim: Claim) {
        update(claim.account, claim.symbol) { $0.add(claim.amount, to: claim.lane) }
    }

    /// The time of a record that is at hand; `nil` if it has none or could not be read.
    package func time(of record: any StateRecord.Type, _ symbol: Symbol) -> Timestamp? {
        box(for: InputKey(record, symbol))?.timestamp
    }

    /// The time of the record that shows what an account's orders have done; of records of legs, that of the older one.
    package func snapshotTime(of account: any AccountRecord.Type, _ symbol: Symbol) -> Timestamp? {
        time(of: account.shownBy, symbol)
            ?? account.shownBy.legRecords.compactMap { time(of: $0, symbol) }.min()
    }

    /// Makes the records that show what an account's orders have done stale if a newer one than they are has let shares
    /// go: they do not show what those were. Returns whether they are.
    package mutating func refuseSuperseded(by account: any AccountRecord.Type, _ symbol: Symbol) -> Bool {
        guard let shown = shown(of: account, symbol), let time = snapshotTime(of: account, symbol), time < shown else {
            return false
        }
        let failure = InputFailure.stale(age: now.since(time), limit: max(.zero, now.since(shown)))
        for record in account.snapshots where self.time(of: record, symbol) != nil {
            set(.failed(record, failure), for: InputKey(record, symbol))
        }
        return true
    }

    /// The time of the newest snapshot that has let shares of an account go.
    package func shown(of account: any AccountRecord.Type, _ symbol: Symbol) -> Timestamp? {
        func shown<Record: AccountRecord>(_ type: Record.Type) -> Timestamp? {
            (try? optional(type, symbol))?.shown
        }
        return shown(account)
    }

    /// Notes whether there is a position, as a commit has noted it.
    package mutating func setHeld(_ isHeld: Bool, of account: any AccountRecord.Type, _ symbol: Symbol) {
        guard contains(InputKey(account, symbol)) else { return }
        update(account, symbol, { _ in }, isHeld: isHeld)
    }

    /// Replaces the totals of an account, if it is at hand.
    package mutating func setTotals(_ totals: LaneTotals, of account: any AccountRecord.Type, _ symbol: Symbol) {
        guard contains(InputKey(account, symbol)) else { return }
        update(account, symbol) { $0 = totals }
    }

    private mutating func update<Record: AccountRecord>(
        _ type: Record.Type, _ symbol: Symbol, _ totals: (inout LaneTotals) -> Void, isHeld: Bool? = nil
    ) {
        var record = (try? optional(type, symbol)) ?? Record()
        totals(&record.totals)
        if let isHeld { record.isHeld = isHeld }
        set(.of(account: record), for: InputKey(type, symbol))
    }
}
