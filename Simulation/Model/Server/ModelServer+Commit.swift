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
        expire(command[6], in: 86_400_000)
        var results: [CommitResult] = []
        while let proposal = commit.next() {
            audit?.judged(proposal, client, self)
            let result = decide(proposal, commit, group)
            if result != .applied { commit.lost.append(proposal.id) }
            counts.count(result)
            if result == .conflict || result == .alreadyDecided {
                audit?.note?("  \(proposal.id) \(proposal.plan): \(result)")
            }
            results.append(result)
        }
        for (key, growth) in commit.grown { tidy(key, growth, commit) }
        client.output.array(results.count)
        for result in results { client.output.integer(result.rawValue) }
        counts.commits += 1
    }

    private func decide(_ proposal: Proposal, _ commit: borrowing Commit, _ group: ModelGroup) -> CommitResult {
        let reservations = proposal.reservations
        for reservation in reservations where !flaws.contains(.ignoresReservations) {
            let newest = fields(reservation.key).first { $0.name == commit.newest }?.value ?? ""
            guard newest == reservation.expected, !commit.lost.contains(newest) else { return .conflict }
        }
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
                if !isKnown { delete(outcomeKey) }
                record(proposal, commit, outcome: "duplicate", reason: "permit_exists", more: proposal.details)
                return .permitExists
            }
            set(permitKey, text: proposal.answer, lifetime: commit.permitLife)
        } else {
            set(commit.blockPrefix + proposal.plan, text: proposal.answer, lifetime: commit.blockLife)
        }
        if isKnown { set(outcomeKey, text: proposal.outcome, lifetime: commit.outcomeLife) }
        if proposal.kind == "permit" {
            for reservation in proposal.reservations { reserve(reservation, proposal, commit) }
            audit?.permitted(proposal, self)
        }
        for event in proposal.events { add(to: event.stream, event.values) }
        record(proposal, commit, outcome: proposal.kind, more: proposal.details)
        return .applied
    }

    private func reserve(_ reservation: Proposal.Reservation, _ proposal: Proposal, _ commit: borrowing Commit) {
        var growth = setField(reservation.key, proposal.plan, "\(reservation.amount) \(reservation.expiry) 0") ? 1 : 0
        if setField(reservation.key, commit.newest, proposal.id) { growth += 1 }
        commit.grow(reservation.key, by: growth)
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

    private func tidy(_ key: String, _ growth: Int, _ commit: borrowing Commit) {
        if lifetime(key) < commit.reservationLife { expire(key, in: Int64(commit.reservationLife)) }
        let size = fields(key).count
        guard size >= 64,
            size.bitWidth - size.leadingZeroBitCount != size.bitWidth - (size - growth).leadingZeroBitCount
        else { return }
        for field in fields(key) {
            let parts = field.value.split(separator: " ")
            if parts.count == 3, let end = Int64(parts[1]), end < Int64(commit.now) ?? 0 {
                deleteField(key, field.name)
            }
        }
    }
}
