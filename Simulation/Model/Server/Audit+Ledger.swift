import GateHost
import TradingState

/// The checks of the exposure ledger.
extension Audit {
    private static func account(_ symbol: Int) -> String {
        AccountFields.keyPrefix + "\(SimulatedPool.name):\(Workload.symbols[symbol])"
    }

    /// A permit must carry its share, and the account must stay within the limit that the gate judged by.
    func checkShare(
        of proposal: Proposal, _ symbol: Int, _ quantity: Int, _ request: LedgerRequest?, _ server: ModelServer
    ) {
        let plan = proposal.plan
        let key = Self.account(symbol)
        guard case .text(let outcome)? = server.lookup(OutcomeRecord.keyPrefix + plan)?.value, let request else {
            return fail("exposure", "plan \(plan) is permitted and takes nothing")
        }
        let grant = outcome.split(separator: " ").dropFirst(2).map(String.init)
        let share = ["\(SimulatedPool.name):\(Workload.symbols[symbol])", "0", "\(quantity * LedgerAudit.unit)"]
        guard grant == ["permit", "given", request.label] + share else {
            return fail("exposure", "plan \(plan) takes \(grant) instead of \(share)")
        }
        if request.end < server.time + request.shareLife {
            fail("exposure", "the share of plan \(plan) ends \(request.end - server.time) ms after its permit")
        }
        ledger.give(
            plan,
            .init(account: key, amount: quantity, end: request.end, state: .given))
        let snapshot = Self.number("\"shown\":", in: proposal.gates) ?? 0
        // The check of a transaction tells only some of its accounts.
        if let use = request.uses.first(where: { $0.key == key }), use.snapshot != snapshot {
            return fail("exposure", "plan \(plan) is committed by another snapshot than it was judged by")
        }
        guard let limit = Self.number("\"limit\":", in: proposal.gates) else {
            return fail("exposure", "plan \(plan) is permitted without a limit")
        }
        let total = ledger.counted(key, snapshot: Int64(snapshot), at: server.time)
        if total > limit { fail("exposure", "plan \(plan) takes \(key) to \(total), over its limit of \(limit)") }
    }

    /// A permit that takes nothing has a grant all the same: a report may take it back.
    func checkShareless(_ proposal: Proposal, _ server: ModelServer) {
        let plan = proposal.plan
        guard case .text(let outcome)? = server.lookup(OutcomeRecord.keyPrefix + plan)?.value,
            outcome.split(separator: " ").dropFirst(2).prefix(2) == ["permit", "given"],
            outcome.split(separator: " ").count == 5
        else { return fail("exposure", "plan \(plan) is permitted without a grant") }
        ledger.give(plan, .init(account: "", amount: 0, end: 0, state: .given))
    }

    /// A block for the limit stands only while the account is too full for the order.
    func checkBlock(_ proposal: Proposal, _ basis: LedgerBasis?, _ server: ModelServer) {
        guard case .execute(_, _, let symbol, let quantity, let claims)? = published(proposal),
            let limit = Self.number("\"limit\":", in: proposal.gates), quantity <= limit
        else { return }
        let key = Self.account(symbol)
        let snapshot = Int64(Self.number("\"shown\":", in: proposal.gates) ?? 0)
        let total = basis?.counted(key, snapshot: snapshot) ?? ledger.counted(key, snapshot: snapshot, at: server.time)
        if !claims || total + quantity <= limit {
            fail("blocks", "plan \(proposal.plan) of \(quantity) is blocked, and \(key) holds \(total) of \(limit)")
        }
    }

    /// The totals in Redis must be the sum of the shares that count.
    func checkTotals(_ request: LedgerRequest, _ server: ModelServer) {
        for use in request.uses { checkTotal(use.key, server) }
    }

    func checkTotal(_ key: String, _ server: ModelServer) {
        let fields = server.fields(key)
        let totals = fields.filter { $0.name.hasPrefix(AccountFields.total) && $0.value != "0" }
        // An account that is not used for long ends with its key.
        let held = fields.isEmpty ? ledger.counted(key, snapshot: 0, at: server.time) : ledger.held(key)
        let expected = held == 0 ? [] : ["t:0 \(held * LedgerAudit.unit)"]
        let found = totals.map { "\($0.name) \($0.value)" }
        if found != expected { fail("totals", "\(key) says \(found), and the shares come to \(expected)") }
    }

    // MARK: Reports

    /// The execution layer reports a plan: the audit's own reading of what that does. `isUnused`: the permit is still
    /// there. Returns the account that may have changed.
    func reported(
        _ plan: String, _ report: SimulatedReport, isUnused: Bool, stamped: Int64, at time: Int64
    ) -> String? {
        guard let before = ledger.grants[plan] else { return nil }
        let isOpen = before.state == .given
        ledger.change(plan) { grant in
            if report.isExecuted {
                guard grant.state != .executed else { return }
                grant.state = .executed
                grant.isGone = false
                if !grant.account.isEmpty { grant.amount = report.filled ?? grant.amount }
                grant.at = (max(time, stamped) + 999) / 1_000 * 1_000
            } else if isOpen {
                if isUnused { grant.state = .revoked } else if report.isRefused { grant.state = .void }
            }
        }
        if !report.isExecuted, isOpen, isUnused { revoked(plan) }
        if report.isExecuted, before.state == .revoked { executedAfterAll(plan) }
        return before.account
    }

    /// A switch has taken the plan's permit back.
    func withdrawn(_ plan: String, at time: Int64) {
        ledger.change(plan) { $0.state = .revoked }
        revoked(plan)
    }

    /// The final check: once all shares must have come back, no account holds anything.
    func checkEverythingEnds(_ server: ModelServer, life: Int64) {
        server.advance(to: server.time + 3_600_000 + 2 * life + 10_000)
        for symbol in Workload.symbols.indices {
            let key = Self.account(symbol)
            LedgerCall(server).tidy(key, snapshot: 0, margin: 0, executedLife: 3_600_000)
            let rest = server.fields(key).filter {
                $0.name.hasPrefix(AccountFields.given) || $0.name.hasPrefix(AccountFields.executed)
                    || $0.name.hasPrefix(AccountFields.total) && $0.value != "0"
            }
            if !rest.isEmpty { fail("totals", "\(key) still holds \(rest.map { $0.name + " " + $0.value })") }
        }
    }
}
