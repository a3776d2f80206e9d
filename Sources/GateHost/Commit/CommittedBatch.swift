package import GateAPI
import Redis

/// What the commit made of a batch.
package struct CommittedBatch: Sendable {
    package private(set) var items: [CommitItem]
    /// One for each item.
    package private(set) var results: [CommitResult] = []
    /// Events that Redis refused, such as `key: WRONGTYPE …`; their decisions stand.
    package private(set) var failedEvents: [String] = []
    /// How many entries must be judged again because somebody else had reserved.
    var conflicts = 0
    /// The first entry that was read and is not decided yet.
    var oldestOpen: EntryID?
    /// How many entries of a transaction had been acknowledged by somebody who neither decided nor claimed them.
    private(set) var notPending = 0
    /// How many keys of a transaction somebody who commits otherwise, such as another Governor, wrote between the check
    /// and the rest.
    private(set) var foreignAnswers = 0

    init(items: [CommitItem]) {
        self.items = items
    }

    /// Takes the commit script's reply.
    mutating func take(_ reply: RedisReply?) throws(RedisError) {
        if let error = reply?.error { throw RedisError(error) }
        guard let reply, reply.count >= items.count else {
            throw RedisError(
                code: .replyUnexpected, message: "the commit answered \(reply?.count ?? 0) of \(items.count) entries")
        }
        results.reserveCapacity(items.count)
        for element in reply.elements {
            if results.count < items.count {
                guard let result = element.integer.flatMap(CommitResult.init) else {
                    throw RedisError(
                        code: .replyUnexpected, message: "the commit answered something that is not a result")
                }
                results.append(result)
            } else if let text = element.text {
                failedEvents.append(text)
            }
        }
    }

    /// Takes the replies of a transaction; says whether it was executed, else nothing was written.
    mutating func take(transaction replies: RedisReplies) throws(RedisError) -> Bool {
        guard let outcome = replies.last else { throw RedisError(code: .replyUnexpected, message: "no answer to EXEC") }
        if let error = outcome.error {
            // Redis would not even queue one of the commands: its memory is full, a right is missing. The script can do
            // without some of them, or says which.
            guard error.prefix == "EXECABORT" else { throw RedisError(error) }
            return false
        }
        guard outcome.kind == .array else { return false }
        guard replies.count > 1, replies[0].error == nil, replies[1].integer == 1 else {
            throw RedisError(code: .replyUnexpected, message: "a transaction was executed without its check")
        }
        notPending = items.count - (outcome.element(0)?.integer ?? 0)
        results = Array(repeating: .applied, count: items.count)
        var hasErrors = false
        for reply in outcome.elements {
            switch reply.kind {
            case .error: hasErrors = true
            // A SET that found the key there.
            case .null: foreignAnswers += 1
            default: break
            }
        }
        if hasErrors { try takeErrors(outcome) }
        return true
    }

    /// Tells the events that Redis refused from all else, which it cannot have.
    private mutating func takeErrors(_ outcome: RedisReply) throws(RedisError) {
        var errors = outcome.elements.map(\.error).makeIterator()
        func check(_ count: Int) throws(RedisError) {
            for _ in 0..<count { if let error = errors.next() ?? nil { throw RedisError(error) } }
        }
        try check(1)
        for item in items {
            if item.decision.isJudged { try check(2) }
            for event in item.decision.events {
                if let error = errors.next() ?? nil { failedEvents.append("\(event.stream): \(error)") }
            }
            try check(1)
        }
    }

    /// Gives away the gates' results, which nobody needs any more.
    mutating func takeResults() -> [[GateResult]] {
        var taken: [[GateResult]] = []
        taken.reserveCapacity(items.count)
        for index in items.indices where !items[index].decision.results.isEmpty {
            var results: [GateResult] = []
            swap(&results, &items[index].decision.results)
            taken.append(results)
        }
        return taken
    }

    /// The decisions that stand, with what became of them; made for whoever looks at all of each.
    package var decisions: [CommittedDecision] {
        zip(items, results).compactMap { item, result in
            result == .conflict ? nil : CommittedDecision(decision: item.decision, result: result)
        }
    }
}

/// A decision and what the commit made of it.
package struct CommittedDecision: Sendable {
    package let decision: Decision
    package let result: CommitResult

    /// The outcome as recorded; `nil` where another host had already decided the entry.
    package var outcome: Outcome? { result.outcome(of: decision) }
    package var reason: String { result.reason(of: decision) }
}

extension CommitResult {
    /// Whether the plan id of an intent that was judged certainly has an outcome now. What others decided may have been
    /// that the entry is gone, and beside another Governor's permit there is none.
    var leavesOutcome: Bool {
        switch self {
        case .applied, .duplicate, .planIDReused: true
        case .alreadyDecided, .permitExists, .conflict: false
        }
    }

    /// The outcome as recorded; `nil` where another host had already decided the entry, or nothing was.
    func outcome(of decision: Decision) -> Outcome? {
        switch self {
        case .alreadyDecided, .conflict: nil
        case .applied: decision.outcome
        case .duplicate, .permitExists: .duplicate
        case .planIDReused: .block
        }
    }

    func reason(of decision: Decision) -> String {
        switch self {
        case .alreadyDecided, .applied, .conflict: decision.reason
        case .duplicate: "plan_already_decided"
        case .permitExists: "permit_exists"
        case .planIDReused: "plan_id_reused"
        }
    }
}
