import GateAPI
import TradingState

extension ModelServer {
    /// `EVALSHA digest 0 header… commits stream group count id… (plan report)…`
    func settleReports(_ arguments: ArraySlice<String>, _ client: ModelClient) {
        let (settled, damaged) = settleReports(arguments)
        client.output.array(2)
        client.output.integer(settled)
        client.output.integer(damaged)
    }

    /// Returns the number of grants that changed their state, and of damaged parts of accounts.
    @discardableResult
    func settleReports(_ arguments: ArraySlice<String>) -> (settled: Int, damaged: Int) {
        var settlement = Settlement(self, arguments)
        let rest = Array(settlement.rest)
        let count = Int(rest[3]) ?? 0
        var settled = 0
        var grows = false
        for index in stride(from: 4 + count, to: rest.count, by: 2) {
            let (plan, report) = (rest[index], rest[index + 1])
            guard var grant = settlement.grant(plan) else { continue }
            if report.hasPrefix("T") {
                _ = settlement.withdraw(plan)
                guard grant.state != GrantState.executed.rawValue else { continue }
                let isKept = grant.state == GrantState.given.rawValue && settlement.release(grant)
                let filled = Settlement.Filled(report: report)
                grows = grows || !isKept && !grant.shares.isEmpty || filled.map { $0.exceeds(grant.shares) } ?? false
                let shares = filled?.shares(of: grant.shares) ?? grant.shares
                for share in shares {
                    let at = settlement.execute(share)
                    if share.isOfPosition { grant.label = String(at) }
                }
                settlement.become(.executed, &grant)
                settled += 1
            } else if grant.state == GrantState.given.rawValue {
                let isUnused = settlement.withdraw(plan)
                guard isUnused || report.hasPrefix("R") else { continue }
                settlement.release(grant)
                settlement.become(isUnused ? .revoked : .void, &grant)
                settled += 1
            }
        }
        settlement.store()
        if grows, lookup(rest[0]) != nil, !flaws.contains(.growsSilently) {
            counts.grownByReports += 1
            replace(rest[0], text: "report \(ledgerTime / 1_000).\(ledgerTime % 1_000 * 1_000)")
        }
        for id in rest[4..<4 + count] { _ = lookupStream(rest[1])?.group(rest[2])?.acknowledge(Self.id(id)) }
        return (settled, settlement.call.damaged)
    }

    /// `EVALSHA digest 0 header… stream newest oldest count`
    func revoke(_ arguments: ArraySlice<String>, _ client: ModelClient) {
        var settlement = Settlement(self, arguments)
        let rest = Array(settlement.rest)
        let (oldest, most) = (Self.id(rest[2]), Int(rest[3]) ?? 0)
        let newest = rest[1] == "+" ? nil : Self.id(String(rest[1].dropFirst()))
        let all = lookupStream(rest[0])?.entries.reversed() ?? []
        let records = all.filter { record in newest.map { record.id < $0 } ?? true && record.id >= oldest }.prefix(most)
        var revoked = 0
        for record in records {
            func field(_ name: String) -> String? {
                stride(from: 0, to: record.fields.count, by: 2).first { record.fields[$0] == name }
                    .map { record.fields[$0 + 1] }
            }
            guard field(DecisionRecord.Field.outcome.description) == "permit",
                let plan = field(DecisionRecord.Field.planID.description), var grant = settlement.grant(plan),
                grant.state == GrantState.given.rawValue, grant.shares.contains(where: \.opens),
                settlement.withdraw(plan)
            else { continue }
            settlement.release(grant)
            settlement.become(.revoked, &grant)
            revoked += 1
        }
        settlement.store()
        client.output.array(3)
        client.output.integer(revoked)
        client.output.integer(settlement.call.damaged)
        client.output.text(records.count < most ? "" : records.last?.id.description ?? "")
    }
}
