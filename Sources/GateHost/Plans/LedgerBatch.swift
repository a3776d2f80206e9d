package import GateAPI
import TradingState

/// What the decisions of one batch do to the accounts of the ledger.
package struct LedgerBatch: Sendable {
    package private(set) var accounts: [AccountUse] = []

    package init() {}

    package var isEmpty: Bool { accounts.isEmpty }

    /// Adds the claims of a decision that was judged by these inputs.
    package mutating func add(_ decision: borrowing Decision, _ inputs: Inputs) {
        for claim in decision.claims {
            let index = index(of: claim.account, claim.symbol, inputs)
            if let bound = claim.bound { accounts[index].tighten(bound) }
        }
        guard decision.outcome == .permit else { return }
        for claim in decision.claims where claim.amount.isPositive {
            accounts[index(of: claim)].take(claim)
        }
    }

    /// Notes whether a symbol has a position, if that is news: a symbol that had one and lost its record is not flat.
    mutating func notePosition(_ symbol: Symbol, _ inputs: Inputs) {
        let evidence = PositionEvidence(of: symbol, inputs)
        guard evidence == .held || evidence == .flat else { return }
        _ = index(of: Account<PositionPool>.self, symbol, inputs)
    }

    /// What the permits of the batch take from an account; `nil` if nothing.
    func added(to key: InputKey) -> LaneTotals? {
        accounts.first { $0.key == key }.map(\.added)
    }

    /// The place of a claim's account among ``accounts``.
    package func index(of claim: Claim) -> Int { find(claim.account, claim.symbol) ?? 0 }

    /// A batch has few accounts: a search is faster than hashing.
    private func find(_ account: any AccountRecord.Type, _ symbol: Symbol) -> Int? {
        let kind = ObjectIdentifier(account)
        let all = accounts.span
        for index in all.indices
        where all[index].kind == kind && (!all[index].isPerSymbol || all[index].symbol == symbol) {
            return index
        }
        return nil
    }

    private mutating func index(of account: any AccountRecord.Type, _ symbol: Symbol, _ inputs: Inputs) -> Int {
        if let index = find(account, symbol) { return index }
        accounts.append(AccountUse(account, symbol, inputs))
        return accounts.count - 1
    }
}

/// One account as a batch uses it.
package struct AccountUse: Sendable {
    package let account: any AccountRecord.Type
    package let symbol: Symbol
    fileprivate let kind: ObjectIdentifier
    fileprivate let isPerSymbol: Bool
    /// What the batch's permits take.
    package private(set) var added = LaneTotals()
    /// The same as the integers that their grants are made of.
    private var shares: [(suffix: String, value: Int64)] = []
    /// What must be true of the account before the batch, each lanes and relation once.
    package private(set) var bounds: [Claim.Bound] = []
    /// The time of the record that shows what was executed, as the gates saw it.
    package let snapshot: Timestamp?
    package let evidence: PositionEvidence
    /// Whether a newer snapshot than the gates saw has let shares go: it came while the records were read.
    private let isAhead: Bool
    package let redisKey: String

    init(_ account: any AccountRecord.Type, _ symbol: Symbol, _ inputs: Inputs) {
        self.account = account
        self.symbol = symbol
        kind = ObjectIdentifier(account)
        isPerSymbol = account.isPerSymbol
        snapshot = inputs.snapshotTime(of: account, symbol)
        evidence = account == Account<PositionPool>.self ? PositionEvidence(of: symbol, inputs) : .nothing
        isAhead = snapshot.map { inputs.shown(of: account, symbol) ?? $0 > $0 } ?? false
        redisKey = AccountFields.keyPrefix + account.scope(symbol)
    }

    /// Whether a block depends on it, it is told whether there is a position, or it was not judged by its own snapshot.
    var mustBeRead: Bool { isAhead || evidence != .nothing || bounds.contains { $0.relation == .moreThan } }

    fileprivate mutating func take(_ claim: Claim) {
        added.add(claim.amount, to: claim.lane)
        LedgerAmount(claim.amount).forEachPart(lane: claim.lane) { suffix, value in
            guard let index = shares.firstIndex(where: { $0.suffix == suffix }) else {
                return shares.append((suffix, value))
            }
            shares[index].value += value
        }
    }

    /// The integers that the permits add: sums of those of their grants, so that a report can take each grant back.
    func forEachShare(_ body: (_ suffix: String, _ value: Int64) -> Void) {
        for share in shares { body(share.suffix, share.value) }
    }

    var shareCount: Int { shares.count }

    package var key: InputKey { InputKey(account, symbol) }

    /// Adds a bound on the account as an intent finds it: behind the permits of the batch so far.
    fileprivate mutating func tighten(_ bound: Claim.Bound) {
        guard let limit = try? bound.limit - added.sum(bound.lanes) else { return }
        // More than a negative amount is always true.
        if bound.relation == .moreThan, limit.isNegative { return }
        let tight = Claim.Bound(lanes: bound.lanes, bound.relation, max(limit, .zero))
        guard let index = bounds.firstIndex(where: { $0.lanes == bound.lanes && $0.relation == bound.relation }) else {
            return bounds.append(tight)
        }
        let other = bounds[index].limit
        let isTighter = bound.relation == .atMost ? tight.limit < other : tight.limit > other
        if isTighter { bounds[index] = tight }
    }
}

/// What the records say of a symbol's position that its account does not say yet.
package enum PositionEvidence: String, Sendable {
    case nothing = ""
    case held = "1"
    case flat = "0"
    /// There is no record, and the gates may have assumed that there is no position.
    case assumed

    /// A snapshot older than this does not tell that there is no position.
    private static let freshness: Duration = .seconds(300)

    fileprivate init(of symbol: Symbol, _ inputs: Inputs) {
        guard let account = try? inputs.account(PositionPool.self, symbol) else {
            self = .nothing
            return
        }
        do throws(InputFailure) {
            let position = try inputs.record(Position.self, symbol)
            // A position stays known at any age; that there is none, only a fresh snapshot tells.
            let isFresh = (try? inputs.fresh(Position.self, symbol, within: Self.freshness)) != nil
            let isNews = position.isHeld != account.isHeld && (position.isHeld || isFresh)
            self = isNews ? (position.isHeld ? .held : .flat) : .nothing
        } catch {
            self = error == .missing && !account.isHeld ? .assumed : .nothing
        }
    }
}
