import Redis

extension CommittedBatch {
    /// Reads the reply of ``CommitScript``.
    mutating func read(script reply: RedisReply?) throws(RedisError) {
        if let error = reply?.error { throw RedisError(error) }
        guard let reply, reply.count >= items.count else {
            throw RedisError(
                code: .replyUnexpected, message: "the commit answered \(reply?.count ?? 0) of \(items.count) entries")
        }
        results.reserveCapacity(items.count)
        let elements = Array(reply.elements)
        for element in elements.prefix(items.count) {
            guard let result = element.integer.flatMap(CommitResult.init) else {
                throw RedisError(
                    code: .replyUnexpected, message: "the commit answered something that is not a result")
            }
            results.append(result)
        }
        failedEvents = try readLedger(elements[items.count...], includesShares: true).compactMap(\.text)
    }

    /// Reads the replies of a transaction. Returns whether Redis executed it; if not, nothing was written.
    ///
    /// - Parameter shares: the number of commands that add shares.
    mutating func read(transaction replies: RedisReplies, shares: Int) throws(RedisError) -> Bool {
        guard let outcome = replies.last else {
            throw RedisError(code: .replyUnexpected, message: "no answer to EXEC")
        }
        if let error = outcome.error {
            // Redis refused to queue a command: its memory is full, or a right is missing. The script needs fewer
            // rights, or its error says which is missing.
            guard error.prefix == "EXECABORT" else { throw RedisError(error) }
            return false
        }
        guard outcome.kind == .array else { return false }
        // WATCH, and the check behind it.
        let watch = ledger.isEmpty ? 0 : 1
        let check = replies.count > watch + 1 ? ledger.isEmpty ? replies[1] : replies[watch + 1].element(0) : nil
        guard let check, replies[watch].error == nil, check.integer == 1 else {
            throw RedisError(code: .replyUnexpected, message: "a transaction was executed without its check")
        }
        if !ledger.isEmpty { _ = try readLedger(Array(replies[watch + 1].elements)[1...], includesShares: false) }
        // A share that could not be added: its field is no number, or its key no hash.
        damaged += outcome.elements.prefix(shares).count { $0.error != nil }
        notPending = items.count - (outcome.element(shares)?.integer ?? 0)
        results = Array(repeating: .applied, count: items.count)
        var hasErrors = false
        for reply in outcome.elements.dropFirst(shares) {
            switch reply.kind {
            case .error: hasErrors = true
            // A SET with NX that found its key.
            case .null: foreignAnswers += 1
            default: break
            }
        }
        if hasErrors { try readErrors(outcome, shares: shares) }
        return true
    }

    /// Collects the events that Redis refused. Any other error ends the session: a right was withdrawn between the
    /// commands and EXEC, which executes the others all the same.
    private mutating func readErrors(_ outcome: RedisReply, shares: Int) throws(RedisError) {
        var errors = outcome.elements.dropFirst(shares).map(\.error).makeIterator()
        var first: RedisServerError?
        func hasFailed() -> Bool {
            guard let error = errors.next() ?? nil else { return false }
            first = first ?? error
            return true
        }
        _ = hasFailed()
        for item in items {
            if item.decision.isJudged { for _ in 0..<2 { _ = hasFailed() } }
            for event in item.decision.events {
                if let error = errors.next() ?? nil { failedEvents.append("\(event.stream): \(error)") }
            }
            if hasFailed() { unrecorded.append(item.decision.id) }
        }
        if let first { throw RedisError(first) }
    }
}
