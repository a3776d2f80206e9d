import GateHost
import TradingState

extension ModelServer {
    /// Handles the commands that begin, fill and end a transaction. Returns whether the command was one of these.
    func transact(_ command: [String], _ client: ModelClient) -> Bool {
        switch (command[0], client.queue) {
        case ("WATCH", nil):
            for name in command[1...] { client.watch(name, hasExpired: hasExpired(name)) }
            client.output.ok()
        case ("MULTI", nil):
            client.beginTransaction()
            client.output.ok()
        case ("EXEC", let queue?): executeQueued(queue, client)
        case ("DISCARD", .some):
            client.endTransaction()
            client.output.ok()
        case ("WATCH", .some), ("MULTI", .some), ("EXEC", nil), ("DISCARD", nil):
            fatalError("the model does not know \(command) here")
        case (_, nil): return false
        default:
            client.enqueue(command)
            client.output.status("QUEUED")
        }
        return true
    }

    private func executeQueued(_ queue: [[String]], _ client: ModelClient) {
        let isCommit = queue.contains { $0[0] == "XACK" }
        let isRefused = client.isOvertaken || client.watched.contains { !$0.value && hasExpired($0.key) }
        let hadPassedCheck = client.hasPassedCheck
        let request = client.request
        client.endTransaction()
        guard !isRefused || hadPassedCheck && flaws.contains(.ignoresWatches) else {
            if isCommit {
                counts.refusedTransactions += 1
                if hadPassedCheck { counts.overtakenTransactions += 1 }
                for command in queue {
                    if let proposal = Proposal(recordedBy: command) { audit?.judged(proposal, client, self) }
                }
            }
            return client.output.nullArray()
        }
        client.output.array(queue.count)
        guard isCommit else {
            for command in queue { perform(command, client) }
            return
        }
        counts.commits += 1
        counts.transactions += 1
        var written: Set<String> = []
        for command in queue {
            if command[0] == "SET", lookup(command[1]) == nil { written.insert(command[1]) }
            perform(command, client)
            if let proposal = Proposal(recordedBy: command) { check(proposal, written, request, client) }
        }
        for key in Set(queue.filter { $0[0] == "HINCRBY" }.map { $0[1] }) { audit?.checkTotal(key, self) }
        client.basis = nil
    }

    /// The decision records of a transaction must agree with its permits and blocks.
    private func check(
        _ proposal: Proposal, _ written: Set<String>, _ request: LedgerRequest?, _ client: ModelClient
    ) {
        audit?.judged(proposal, client, self)
        counts.count(.applied)
        switch proposal.kind {
        case "permit":
            if written.contains(Permit.keyPrefix + proposal.plan) {
                audit?.permitted(proposal, request, self)
                if let audit { client.basis?.give(proposal.plan, as: audit.ledger) }
            } else {
                audit?.fail(
                    "I2", "\(proposal.id) is recorded as permitted, and plan \(proposal.plan) was not given its permit")
            }
        case "block" where !written.contains(BlockRecord.keyPrefix + proposal.plan):
            audit?.fail(
                "I2", "\(proposal.id) is recorded as blocked, and plan \(proposal.plan) was not given its block")
        default: break
        }
        audit?.recorded(proposal, outcome: proposal.kind, reason: proposal.reason, basis: client.basis, self)
    }
}
