import GateAPI
import TradingState

/// Tells by the account's buckets whether a grant still counts.
struct GrantJudge {
    private let account: String
    private let labels: Set<String>
    /// The executed buckets whose grants were not found yet.
    private var executed: [String: LaneTotals]
    private let permitLife: Duration
    private let givenLife: Duration
    /// Whether the account can be read at all. If not, lives alone tell.
    private let isReadable: Bool

    init(_ exposure: SymbolExposure, permitLife: Duration, givenLife: Duration) {
        account = Account<PositionPool>.scope(exposure.symbol)
        let buckets = exposure.account.buckets
        labels = Set(buckets.given.map(\.label))
        executed = Dictionary(buckets.executed.map { ($0.label, $0.totals) }) { first, _ in first }
        self.permitLife = permitLife
        self.givenLife = givenLife
        isReadable = exposure.account.state != .unavailable
    }

    /// Whether the account counts executed grants that were not found yet.
    var awaitsExecuted: Bool { !executed.isEmpty }

    mutating func standing(of grant: Grant, age: Duration, permitLeft: Duration?) -> GrantList.Standing {
        switch grant.state {
        case .revoked: .revoked
        case .void: .void
        case .given: givenStanding(of: grant, age: age, permitLeft: permitLeft)
        case .executed: cover(grant) ? .executed : .shown
        }
    }

    private func givenStanding(of grant: Grant, age: Duration, permitLeft: Duration?) -> GrantList.Standing {
        guard isReadable ? labels.contains(grant.label) : age < givenLife else { return .expired }
        return permitLeft == nil && age < permitLife ? .consumed : .given
    }

    /// Whether the grant's bucket still counts.
    private mutating func cover(_ grant: Grant) -> Bool {
        guard var rest = executed[grant.label] else { return false }
        var isEmpty = true
        for share in grant.shares where share.account == account {
            rest[share.lane] = max((try? rest[share.lane] - share.amount) ?? .zero, .zero)
        }
        for lane in 0..<LaneTotals.capacity where rest[lane].isPositive { isEmpty = false }
        executed[grant.label] = isEmpty ? nil : rest
        return true
    }
}
