import GateHost
import TradingState

/// The commit, written from the description of ``CommitScript`` as a second implementation. Tests compare the two.
extension ModelServer {
    /// `EVALSHA digest 4 stream decisions dead-letters commits argument…`
    func commit(_ command: [String], _ client: ModelClient) {
        var commit = Commit(stream: command[3], decisions: command[4], dead: command[5], arguments: command[7...])
        guard let stream = lookupStream(commit.stream), let group = stream.group(command[7]) else {
            return client.output.error("NOGROUP No such key or consumer group")
        }
        let call = LedgerCall(self)
        let (accounts, _, since) = call.begin(commit.ledger, commits: command[6])
        if !accounts.isEmpty {
            set(command[6], text: commit.ledger.mark + since, lifetime: 86_400_000)
        } else if !expire(command[6], in: 86_400_000) {
            set(command[6], text: "1", lifetime: 86_400_000)
        }
        let isTimely = !call.isUntimely(commit.ledger)
        if isTimely { call.give(accounts, commit.ledger) }
        var results: [CommitResult] = []
        while let proposal = commit.next() {
            audit?.judged(proposal, client, self)
            let result = decide(proposal, commit, accounts, group)
            if proposal.kind == "permit", result != .applied, isTimely {
                for claim in proposal.claims { call.forgo(claim, accounts[claim.account], commit.ledger) }
            }
            counts.count(result)
            if result == .conflict || result == .alreadyDecided {
                audit?.note?("  \(proposal.id) \(proposal.plan): \(result)")
            }
            results.append(result)
        }
        audit?.checkTotals(commit.ledger, self)
        client.output.array(results.count + (accounts.isEmpty ? 0 : LedgerCall.answerSize(accounts)))
        for result in results { client.output.integer(result.rawValue) }
        if !accounts.isEmpty { call.answer(accounts, since: since, client) }
        counts.commits += 1
    }

    /// Whether the accounts are still as the gates judged them. A block because an account is full depends on the
    /// permits before it in the call.
    private func stands(_ proposal: Proposal, _ accounts: [UsedAccount]) -> Bool {
        proposal.claims.allSatisfy { claim in
            let account = accounts[claim.account]
            return !account.conflicts && !(account.hasLost && claim.needsFullness)
        }
    }

    private func decide(
        _ proposal: Proposal, _ commit: borrowing Commit, _ accounts: [UsedAccount], _ group: ModelGroup
    ) -> CommitResult {
        guard stands(proposal, accounts) else { return .conflict }
        if proposal.kind != "trimmed", !group.acknowledge(Self.id(proposal.id)),
            !flaws.contains(.ignoresAcknowledgement)
        {
            return .alreadyDecided
        }
        switch proposal.kind {
        case "permit", "block": return answer(proposal, commit)
        case "dead_letter":
            addDeadLetter(proposal, commit)
            record(proposal, commit, outcome: "dead_letter")
        default:
            record(
                proposal, commit, outcome: proposal.kind == "trimmed" ? "dead_letter" : proposal.kind,
                more: proposal.extras)
        }
        return .applied
    }

    private func answer(_ proposal: Proposal, _ commit: borrowing Commit) -> CommitResult {
        let outcomeKey = commit.outcomePrefix + proposal.plan
        let permitKey = commit.permitPrefix + proposal.plan
        if case .text(let seen)? = lookup(outcomeKey)?.value, seen.contains(" permit revoked ") {
            delete(outcomeKey)
            counts.freedPlans += 1
        }
        let isKnown = lookup(outcomeKey) != nil
        if case .text(let seen) = lookup(outcomeKey)?.value, !flaws.contains(.ignoresOutcomes) {
            let parts = seen.split(separator: " ")
            let first = parts.count > 1 ? String(parts[1]) : ""
            if parts.first == proposal.outcome.split(separator: " ").first {
                record(
                    proposal, commit, outcome: "duplicate", reason: "plan_already_decided",
                    more: [Proposal.firstIntentID, first] + proposal.details)
                return .duplicate
            }
            refuse(proposal, commit)
            record(
                proposal, commit, outcome: "block", reason: "plan_id_reused",
                more: [Proposal.firstIntentID, first] + proposal.details)
            return .planIDReused
        }
        if !isKnown { set(outcomeKey, text: proposal.outcome, lifetime: commit.outcomeLife) }
        if proposal.kind == "permit" {
            guard lookup(permitKey) == nil || flaws.contains(.ignoresOutcomes) else {
                let parts = proposal.outcome.split(separator: " ").prefix(2) + ["foreign"]
                set(outcomeKey, text: parts.joined(separator: " "), lifetime: commit.outcomeLife)
                record(proposal, commit, outcome: "duplicate", reason: "permit_exists", more: proposal.details)
                return .permitExists
            }
            set(permitKey, text: proposal.answer, lifetime: commit.permitLife)
        } else {
            set(commit.blockPrefix + proposal.plan, text: proposal.answer, lifetime: commit.blockLife)
        }
        if isKnown { set(outcomeKey, text: proposal.outcome, lifetime: commit.outcomeLife) }
        if proposal.kind == "permit" { audit?.permitted(proposal, commit.ledger, self) }
        for event in proposal.events { add(to: event.stream, event.values) }
        record(proposal, commit, outcome: proposal.kind, more: proposal.details)
        return .applied
    }

    /// Writes the block of a reused plan id, unless the first body's permit is alive or a block exists.
    private func refuse(_ proposal: Proposal, _ commit: borrowing Commit) {
        let blockKey = commit.blockPrefix + proposal.plan
        guard lookup(commit.permitPrefix + proposal.plan) == nil, lookup(blockKey) == nil else { return }
        let time = "\(commit.now.dropLast(3)).\(commit.now.suffix(3))"
        let text =
            "{\"reason\": \"plan_id_reused\", \"timestamp\": \(time), \"symbol\": \"\(proposal.symbol)\"}"
        set(blockKey, text: text, lifetime: commit.blockLife)
    }

    private func addDeadLetter(_ proposal: Proposal, _ commit: borrowing Commit) {
        typealias Field = DeadLetter.Field
        add(
            to: commit.dead,
            [
                Field.reason, proposal.reason, Field.intentID, proposal.id, Field.stream, commit.stream,
                Field.group, commit.group, Field.host, commit.host, Field.deadAt, commit.now,
            ] + proposal.extras)
    }

    /// - Parameter reason: replaces the proposal's own reason; the record then names no gate.
    private func record(
        _ proposal: Proposal, _ commit: borrowing Commit, outcome: String, reason: String? = nil, more: [String] = []
    ) {
        let values = [
            proposal.id, proposal.plan, proposal.symbol, outcome, reason == nil ? proposal.gate : "",
            reason ?? proposal.reason, reason == nil ? proposal.gates : "[]", commit.configurationHash, commit.host,
            commit.now,
        ]
        let fields = zip(Proposal.commonFields, values).flatMap { [$0, $1] } + more
        if flaws.contains(.losesRecords), outcome == "duplicate" { return }
        add(to: commit.decisions, fields)
        audit?.recorded(proposal, outcome: outcome, reason: reason ?? proposal.reason, self)
    }
}
