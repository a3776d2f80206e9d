public import GateAPI

/// `quantum:governor:account:{pool}:{symbol}`: the sums of what is permitted and not yet in the records.
public struct Account<Pool: AccountPool>: AccountRecord {
    public static var keys: [RecordKey] {
        Pool.isPerSymbol
            ? [.perSymbol(prefix: "\(AccountFields.keyPrefix)\(Pool.name):")]
            : [.single("\(AccountFields.keyPrefix)\(Pool.name)")]
    }
    public static var isPerSymbol: Bool { Pool.isPerSymbol }

    @usableFromInline package static var poolName: String { Pool.name }
    @usableFromInline package static var shownBy: any StateRecord.Type { Pool.ShownBy.self }
    @usableFromInline package static var shownByTime: String { Pool.shownByTime }
    @usableFromInline package static var showsAfter: Duration { Pool.showsAfter }

    @usableFromInline package var totals = LaneTotals()
    /// Whether the last evidence says that there is a position.
    public var isHeld = false

    @usableFromInline package var shown: Timestamp?

    public var timestamp: Timestamp? { nil }

    /// Nothing is under way.
    public init() {}

    public init(fields: Fields) throws(InputFailure) {
        isHeld = fields[named: AccountFields.held] == "1"
        totals = AccountFields.totals(in: fields)
        shown = fields[named: AccountFields.shown].flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
    }

    /// The sum of a lane.
    @inlinable
    public subscript(lane: Pool.Lane) -> Amount {
        get { totals[lane.rawValue] }
        set { totals[lane.rawValue] = newValue }
    }
}

extension Inputs {
    /// The account of a pool and symbol, empty if nothing is under way; `nil` if the deployment keeps no such account.
    @inlinable
    public func account<Pool: AccountPool>(_ pool: Pool.Type, _ symbol: Symbol) throws(InputFailure) -> Account<Pool>? {
        do {
            return try optional(Account<Pool>.self, symbol) ?? Account()
        } catch {
            if error == .notRequested { return nil }
            throw error
        }
    }
}

extension Account {
    /// The share of a close whose size is unknown: more than any position.
    package static var everything: Amount { 1_000_000_000_000_000 }
}

extension Claim {
    /// What a permit takes from a lane, without a bound.
    package init<Pool: AccountPool>(taking amount: Amount, from pool: Pool.Type, _ lane: Pool.Lane, _ symbol: Symbol) {
        self.init(Account<Pool>.self, symbol, lane: lane.rawValue, amount: amount, nil)
    }

    /// What a permit takes from a lane, as long as the lane's total is then at most `limit`.
    public init<Pool: AccountPool>(
        taking amount: Amount, from pool: Pool.Type, _ lane: Pool.Lane, _ symbol: Symbol, upTo limit: Amount
    ) {
        let bound = (try? limit - amount) ?? .zero
        self.init(
            Account<Pool>.self, symbol, lane: lane.rawValue, amount: amount,
            Bound(lanes: LaneSet([lane.rawValue]), .atMost, bound))
    }

    /// A verdict that stands as long as a lane's total, without this intent, is more than `limit`. If the verdict is
    /// only recorded, the permit takes `amount` nonetheless. With a negative limit the verdict always stands.
    public init<Pool: AccountPool>(
        taking amount: Amount, from pool: Pool.Type, _ lane: Pool.Lane, _ symbol: Symbol, isMoreThan limit: Amount
    ) {
        self.init(
            Account<Pool>.self, symbol, lane: lane.rawValue, amount: amount,
            limit.isNegative ? nil : Bound(lanes: LaneSet([lane.rawValue]), .moreThan, limit))
    }
}
