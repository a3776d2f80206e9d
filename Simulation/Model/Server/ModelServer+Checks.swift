import GateHost

/// The checks of a transaction.
extension ModelServer {
    /// The same with the ledger's arguments before the keys.
    func checkWithAccounts(_ command: [String], _ client: ModelClient) {
        var rest = command[10...]
        let request = LedgerRequest(&rest)
        let call = LedgerCall(self)
        let (accounts, isKnown, since) = call.begin(request, commits: command[5], isShareless: true)
        audit?.checkTotals(request, self)
        client.basis = audit.map { LedgerBasis(ledger: $0.ledger.copy(), time: time) }
        client.request = request
        let conflicts = !isKnown || call.isUntimely(request) || accounts.contains(where: \.conflicts)
        let passes = passes(command, keys: rest, conflicts: conflicts, client)
        client.output.array(passes ? 1 + LedgerCall.answerSize(accounts) : 1)
        client.output.integer(passes ? 1 : 0)
        if passes { call.answer(accounts, since: since, client) }
    }

    /// `EVAL source 4 stream decisions commits claims group mark count key…`
    func check(_ command: [String], _ client: ModelClient) {
        client.request = nil
        client.output.integer(passes(command, keys: command[10...], conflicts: false, client) ? 1 : 0)
    }

    private func passes(
        _ command: [String], keys: ArraySlice<String>, conflicts: Bool, _ client: ModelClient
    ) -> Bool {
        let (stream, decisions, commits, claims) = (command[3], command[4], command[5], command[6])
        let group = lookupStream(stream)?.group(command[7])
        let isPending = group.map { $0.pending.count >= Int(command[9]) ?? 0 } ?? false
        client.hasPassedCheck =
            !conflicts && (isPending || flaws.contains(.ignoresAcknowledgement)) && lookup(commits) != nil
            && (isText(claims, command[8]) || flaws.contains(.ignoresAcknowledgement))
            && (lookup(decisions) == nil || lookupStream(decisions) != nil)
            && (keys.count { lookup($0) != nil } == 0 || flaws.contains(.ignoresOutcomes))
        if !client.hasPassedCheck, !expire(commits, in: 86_400_000) { set(commits, text: "1", lifetime: 86_400_000) }
        return client.hasPassedCheck
    }

    private func isText(_ name: String, _ text: String) -> Bool {
        if case .text(let found)? = lookup(name)?.value { found == text } else { false }
    }
}
