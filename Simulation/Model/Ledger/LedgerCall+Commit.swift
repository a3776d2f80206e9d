import GateAPI
import TradingState

/// An account as a commit uses it.
final class UsedAccount {
    let use: LedgerRequest.Use
    /// Whether the account is not as the gates judged it.
    var conflicts = false
    var isRead = false
    /// Whether a permit of the call was not given.
    var hasLost = false

    init(_ use: LedgerRequest.Use) { self.use = use }
}

extension LedgerCall {
    /// Looks at the accounts that a commit uses.
    ///
    /// - Parameter isShareless: whether the call adds no shares, so that it needs only some of the accounts.
    func begin(
        _ request: LedgerRequest, commits: String, isShareless: Bool = false
    ) -> (accounts: [UsedAccount], isKnown: Bool, since: String) {
        let isUntimely = isUntimely(request)
        if isUntimely, !request.uses.isEmpty { server.counts.untimelyCommits += 1 }
        var last = ""
        if case .text(let mark)? = server.lookup(commits)?.value { last = mark }
        let isKnown = last == request.lastMark || server.flaws.contains(.trustsMarks)
        let since = isKnown ? request.since : since(request, behind: last)
        if isKnown { server.counts.knownMarks += 1 }
        let count = isKnown && isShareless ? request.readCount : request.uses.count
        let accounts = request.uses.prefix(count).map { use in
            let account = UsedAccount(use)
            if use.isRead { tidy(use, request) }
            let shown = value(use.key, AccountFields.shown).flatMap { Int64($0) } ?? 0
            if use.held == "1" || use.held == "0" && shown <= use.snapshot {
                server.setField(use.key, AccountFields.held, use.held)
                server.expire(use.key, in: use.held == "1" ? 604_800_000 : request.accountLife)
            }
            if use.isRead || !isKnown {
                var stands = stands(use)
                if !stands, !use.isRead {
                    tidy(use, request)
                    stands = self.stands(use)
                }
                let isHeld = use.held == "assumed" && value(use.key, AccountFields.held) == "1"
                account.conflicts = !stands || isHeld
            }
            account.conflicts = account.conflicts || isUntimely
            account.isRead = use.isRead || !isKnown || account.conflicts
            return account
        }
        return (accounts, isKnown, since)
    }

    /// The number of the session's last commit that came behind others': that of its last mark, or of this commit.
    private func since(_ request: LedgerRequest, behind last: String) -> String {
        let before = request.lastMark.lastIndex(of: ".").map { request.lastMark[...$0] } ?? request.lastMark[...]
        let number = last.hasPrefix(before) ? last.dropFirst(before.count) : ""
        if !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isNumber }) { return String(number) }
        return request.mark.split(separator: ".").last.map(String.init) ?? "0"
    }

    /// Whether the call's bucket ends too soon for its shares, or so late that the account may not outlive it.
    func isUntimely(_ request: LedgerRequest) -> Bool {
        let life = request.shareLife
        let isTimely = request.end * 8 >= (time + life) * 8 + life && request.end <= time + 2 * life
        return !isTimely && !server.flaws.contains(.takesUntimely)
    }

    private func tidy(_ use: LedgerRequest.Use, _ request: LedgerRequest) {
        tidy(use.key, snapshot: use.snapshot, margin: use.margin, executedLife: request.executedLife)
    }

    /// Whether an account is as the gates judged it.
    private func stands(_ use: LedgerRequest.Use) -> Bool {
        if !server.isHash(use.key) { putAside(use.key) }
        let shown = value(use.key, AccountFields.shown).flatMap { Int64($0) } ?? 0
        if use.snapshot > 0, shown > use.snapshot, !server.flaws.contains(.ignoresNewerSnapshots) {
            server.counts.olderSnapshots += 1
            return false
        }
        return server.flaws.contains(.ignoresBounds)
            || use.bounds.allSatisfy { bound in
                let sum = bound.lanes.reduce(0) { $0 + amount(use.key, String($1)) }
                return (sum > bound.limit) == (bound.relation == ">")
            }
    }

    /// The total of a lane in units of 0.00000001. What is no amount is more than any limit.
    private func amount(_ key: String, _ lane: String) -> Int128 {
        func part(_ suffix: String) -> Int128 {
            guard let text = value(key, AccountFields.total + suffix) else { return 0 }
            return Self.isAmount(text) ? Int128(text) ?? 0 : 1_000_000_000_000_000_000_000_000_000
        }
        return part(lane) + part(lane + "w") * 100_000_000
    }

    /// Adds what the permits take, in one bucket that ends as a whole.
    func give(_ accounts: [UsedAccount], _ request: LedgerRequest) {
        for account in accounts {
            let key = account.use.key
            for share in account.use.shares {
                add(key, AccountFields.total + share.suffix, share.value)
                let sum = add(key, "\(AccountFields.given)\(request.label):\(share.suffix)", share.value)
                if sum == share.value, server.lifetime(key) < request.accountLife {
                    server.expire(key, in: request.accountLife)
                }
            }
        }
    }

    /// Takes back what a permit would have taken.
    func forgo(_ claim: Proposal.Claim, _ account: UsedAccount, _ request: LedgerRequest) {
        account.hasLost = true
        guard !server.flaws.contains(.keepsLostShares) else { return }
        for (suffix, value) in [("\(claim.lane)", claim.units), ("\(claim.lane)w", claim.whole)] where value != 0 {
            add(account.use.key, AccountFields.total + suffix, -value)
            add(account.use.key, "\(AccountFields.given)\(request.label):\(suffix)", -value)
        }
    }

    /// The part of the reply that tells of the accounts, in elements.
    static func answerSize(_ accounts: [UsedAccount]) -> Int { accounts.count + 4 }

    func answer(_ accounts: [UsedAccount], since: String, _ client: ModelClient) {
        for number in [damaged, Int(time), Int(since) ?? 0, accounts.count] { client.output.integer(number) }
        for account in accounts {
            let totals = server.flaws.contains(.hidesTotals) ? "" : totals(account.use.key)
            client.output.text(account.isRead ? "=" + totals : "")
        }
    }
}
