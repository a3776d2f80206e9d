/// What a verdict takes from an account of the ledger, and the bound under which it stands.
///
/// The host commits the decision only if every bound still holds then, and adds the amounts of a permit in the same
/// step. A decision whose bound fails is not committed: its intent is judged again.
///
/// `TradingState` makes claims: see `Claim.init(taking:from:_:_:upTo:)`.
public struct Claim: Sendable {
    package let account: any AccountRecord.Type
    package let symbol: Symbol
    package let lane: Int
    /// The amount that a permit takes from the lane, in the pool's own unit; zero or more, rounded up to eight decimals.
    public let amount: Amount
    package let bound: Bound?

    /// A bound on the sum of some lanes without this decision.
    @usableFromInline
    package struct Bound: Sendable, Equatable {
        @usableFromInline
        package enum Relation: Sendable { case atMost, moreThan }

        /// Whether it holds of an account.
        package func holds(of totals: LaneTotals) -> Bool {
            let sum = totals.sum(lanes)
            return relation == .atMost ? sum <= limit : sum > limit
        }

        package let lanes: LaneSet
        package let relation: Relation
        package let limit: Amount

        @usableFromInline
        package init(lanes: LaneSet, _ relation: Relation, _ limit: Amount) {
            self.lanes = lanes
            self.relation = relation
            self.limit = limit
        }
    }

    @usableFromInline
    package init(_ account: any AccountRecord.Type, _ symbol: Symbol, lane: Int, amount: Amount, _ bound: Bound?) {
        self.account = account
        self.symbol = symbol
        self.lane = lane
        self.amount = amount.rounded(toDecimals: Amount.ledgerDecimals, .awayFromZero)
        self.bound = bound
    }

    /// The same claim of another amount.
    package func taking(_ amount: Amount) -> Claim {
        Claim(account, symbol, lane: lane, amount: amount, bound)
    }

    package var key: InputKey { InputKey(account, symbol) }
}

/// The claims of one verdict, at most two.
public struct Claims: Sendable {
    @usableFromInline package let first: Claim?
    package let second: Claim?

    /// A verdict that takes nothing and depends on no account.
    public static let none = Claims(nil)

    public init(_ first: Claim?, _ second: Claim? = nil) {
        self.first = first ?? second
        self.second = first == nil ? nil : second
    }

    @inlinable public var isEmpty: Bool { first == nil }

    package var all: [Claim] {
        guard let first else { return [] }
        return second.map { [first, $0] } ?? [first]
    }
}
