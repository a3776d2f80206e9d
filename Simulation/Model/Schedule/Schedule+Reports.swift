import Deployment
import GateAPI
import GateHost
import Platform
import Redis
import TradingState

/// The execution layer and the publisher of snapshots.
extension Schedule {
    /// The stamps of one symbol's snapshots only grow.
    func writeSnapshot(_ symbol: Int, ahead: Int64) {
        let stamp = max(snapshots[symbol] + 1, server.time + ahead)
        snapshots[symbol] = stamp
        let key = SimulatedSnapshot.prefix + Workload.symbols[symbol]
        note("\(key) is stamped \(stamp - Self.start) ms")
        server.set(key, hash: [("ts_epoch", "\(stamp / 1_000).\(String(1_000 + stamp % 1_000).dropFirst())")])
    }

    /// Reports a plan: in any order with its consumption, late, twice, or both executed and not executed.
    func report(_ report: SimulatedReport) {
        // Mostly the first report of its plan.
        let isFirst = !random.once(in: 3)
        let granted = audit.ledger.grants.filter { !isFirst || $0.value.state == .given }.keys.sorted()
        guard let plan = report.isOfAny ? "plan-\(random.number(0...29))" : random.element(granted) else { return }
        note("\(plan) is reported: \(report)")
        let isUnused = server.lookup(Permit.keyPrefix + plan) != nil
        let account = audit.reported(
            plan, report, isUnused: isUnused, stamped: stamp(of: plan), at: server.time)
        let filled = report.filled.map { " \($0 * LedgerAudit.unit) 0" } ?? ""
        let text = report.isExecuted ? "T" : report.isRefused ? "R" : "F"
        let settled = server.settleReports(
            (settlementHead + [CommitKeys.commits, "reports", "group", "0", plan, text + filled])[...]
        ).settled
        server.counts.settled += settled
        if settled > 0, let account { audit.checkTotal(account, server) }
    }

    /// The stamp of the snapshot that lies in the server for a plan's account.
    private func stamp(of plan: String) -> Int64 {
        guard let account = audit.ledger.grants[plan]?.account,
            let symbol = Workload.symbols.firstIndex(where: { account.hasSuffix($0) }),
            server.lookup(SimulatedSnapshot.prefix + Workload.symbols[symbol]) != nil
        else { return 0 }
        return snapshots[symbol]
    }

    /// The header of a settlement, as the host encodes it.
    private var settlementHead: [String] {
        let answers = configuration.answers
        return [
            AccountFields.keyPrefix, OutcomeRecord.keyPrefix, Permit.keyPrefix,
            String(LedgerLife.executed.milliseconds + 2 * answers.reservationTTL.milliseconds),
            String(LedgerLife.executed.milliseconds), "1",
            SimulatedPool.name, SimulatedPool.shownByTime, "1", SimulatedSnapshot.prefix, "",
        ]
    }

    /// A switch takes back what may open a position, through the host's own code.
    func revoke() {
        note("a switch takes permits back")
        var live: [String] = []
        for (plan, grant) in audit.ledger.grants where grant.state == .given && !grant.account.isEmpty {
            if server.lookup(Permit.keyPrefix + plan) != nil { live.append(plan) }
        }
        let link = DirectLink(server, client: nextClient)
        nextClient += 1
        do throws(RedisError) {
            let connection = try RedisConnection(configuration.redis, over: link)
            let count = try PermitRevoker(configuration).revoke(connection)
            server.counts.settled += count
            if count != live.count { audit.fail("revocation", "\(count) permits are taken back instead of \(live)") }
        } catch {
            audit.fail("revocation", "\(error)")
        }
        link.close()
        for plan in live { audit.withdrawn(plan, at: server.time) }
        for key in Set(live.compactMap { audit.ledger.grants[$0]?.account }) { audit.checkTotal(key, server) }
    }
}
