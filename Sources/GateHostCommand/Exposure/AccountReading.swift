import Deployment
import GateAPI
import GateHost
import Platform
import TradingState

/// A symbol's account as it lies in Redis, without the buckets that the next commit drops.
struct AccountReading {
    enum State: String {
        case read, missing, damaged
        /// Redis' error stands in ``damage``.
        case unavailable
    }

    let state: State
    /// One sentence for each part that cannot be read.
    let damage: [String]
    /// Whether the last evidence says that there is a position.
    let isHeld: Bool
    let buckets: AccountBuckets

    init(_ raw: RawRecord, snapshot: Timestamp?, now: Timestamp, _ answers: AnswersConfiguration) {
        switch raw {
        case .missing:
            self.init(.missing, [], isHeld: false, AccountBuckets())
        case .failed(let error):
            self.init(.unavailable, ["the account cannot be read: \(error)"], isHeld: false, AccountBuckets())
        case .fields(let fields):
            let all = AccountBuckets(fields: fields)
            self.init(
                all.damage.isEmpty ? .read : .damaged, all.damage, isHeld: fields[named: AccountFields.held] == "1",
                all.tidied(
                    now: now, snapshot: snapshot, margin: answers.shownMargin + PositionPool.showsAfter,
                    executedLife: LedgerLife.executed))
        }
    }

    private init(_ state: State, _ damage: [String], isHeld: Bool, _ buckets: AccountBuckets) {
        self.state = state
        self.damage = damage
        self.isHeld = isHeld
        self.buckets = buckets
    }

    /// The account as the next commit leaves it.
    var underWay: Account<PositionPool> {
        var account = Account<PositionPool>()
        if let totals = buckets.contradiction {
            account.totals = totals
            return account
        }
        account.totals = buckets.givenTotals
        let executed = buckets.executedTotals
        account.totals.add(executed)
        return account
    }

    /// What is under way in each lane that is not empty.
    var lanes: [(name: String, given: Amount, executed: Amount)] {
        let given = buckets.givenTotals
        let executed = buckets.executedTotals
        return PositionPool.Lane.allCases.map(\.rawValue)
            .filter { !given[$0].isZero || !executed[$0].isZero }
            .map { (AccountFields.laneName($0, inAccount: PositionPool.name), given[$0], executed[$0]) }
    }
}
