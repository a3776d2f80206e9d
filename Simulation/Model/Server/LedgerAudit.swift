import TradingState

/// The grants as the audit knows them: from the permits that were given and from the reports that came, never from the
/// accounts. The end of a share and the time of an execution are computed here a second time.
final class LedgerAudit {
    struct Grant {
        enum State { case given, executed, revoked, void }

        /// Empty if it takes nothing.
        let account: String
        var amount: Int
        /// Until when it counts if nobody reports it, epoch ms: that of its bucket.
        let end: Int64
        var state: State
        /// When it was executed, epoch ms.
        var at: Int64 = 0
        /// A script has let it go: by a snapshot that shows it, or because it is too old.
        var isGone = false

        /// The time that a snapshot must be later than to show it.
        fileprivate var moment: Int64 { state == .given ? end : at }

        fileprivate func isShown(by snapshot: Int64, margin: Int64, at time: Int64) -> Bool {
            (state == .executed || end <= time) && moment < snapshot - margin
        }

        fileprivate func isOver(at time: Int64) -> Bool { moment + LedgerAudit.executedLife <= time }
        fileprivate var isLive: Bool { state == .given || state == .executed }
    }

    private(set) var grants: [String: Grant] = [:]
    private var margin: Int64 = 0
    fileprivate static let executedLife: Int64 = 3_600_000
    /// What the ledger counts one as.
    static let unit = 100_000_000

    /// A script has tidied an account: what the snapshot shows goes, and what is too old.
    func tidied(_ account: String, snapshot: Int64, margin: Int64, at time: Int64) {
        self.margin = margin
        for (plan, grant) in grants where grant.account == account && grant.isLive {
            if grant.isShown(by: snapshot, margin: margin, at: time) || grant.isOver(at: time) {
                grants[plan]?.isGone = true
            }
        }
    }

    /// An account's key has expired: what is too old goes with it. Anything else is missed by the check of totals.
    func expired(_ account: String, at time: Int64) {
        for (plan, grant) in grants where grant.account == account && grant.isOver(at: time) {
            grants[plan]?.isGone = true
        }
    }

    func give(_ plan: String, _ grant: Grant) { grants[plan] = grant }

    /// Another decision has taken the place of a plan's grant that was taken back.
    func forget(_ plan: String) { grants[plan] = nil }

    func change(_ plan: String, _ body: (inout Grant) -> Void) {
        guard var grant = grants[plan] else { return }
        body(&grant)
        grants[plan] = grant
    }

    /// What counts in an account for one who judges by a snapshot of a time: everything that is permitted, is not too
    /// old, and is not shown by this snapshot. Without a snapshot, what none has shown.
    func counted(_ account: String, snapshot: Int64, at time: Int64) -> Int {
        grants.values.reduce(0) { sum, grant in
            guard grant.account == account, grant.isLive, !grant.isOver(at: time) else { return sum }
            let isGone = snapshot > 0 ? grant.isShown(by: snapshot, margin: margin, at: time) : grant.isGone
            return isGone ? sum : sum + grant.amount
        }
    }

    /// What the account should hold.
    func held(_ account: String) -> Int {
        grants.values.reduce(0) { sum, grant in
            grant.account == account && grant.isLive && !grant.isGone ? sum + grant.amount : sum
        }
    }

    /// The grants of this moment.
    func copy() -> LedgerAudit {
        let copy = LedgerAudit()
        (copy.grants, copy.margin) = (grants, margin)
        return copy
    }
}

/// The grants when the check of a transaction ran, with the permits that it has given since.
struct LedgerBasis {
    let ledger: LedgerAudit
    /// When the check ran, epoch ms.
    let time: Int64

    func give(_ plan: String, as other: LedgerAudit) {
        if let grant = other.grants[plan] { ledger.give(plan, grant) }
    }

    func counted(_ account: String, snapshot: Int64) -> Int { ledger.counted(account, snapshot: snapshot, at: time) }
}
