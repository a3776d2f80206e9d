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

    init(items: [CommitItem]) {
        self.items = items
    }

    /// Takes the commit script's reply.
    mutating func take(_ reply: RedisReply?) throws(RedisError) {
        if let error = reply?.error { throw RedisError(error) }
        guard let reply, reply.count >= items.count else {
            throw RedisError(code: .replyUnexpected, message: "the commit answered \(reply?.count ?? 0) of \(items.count) entries")
        }
        results.reserveCapacity(items.count)
        for element in reply.elements {
            if results.count < items.count {
                guard let result = element.integer.flatMap(CommitResult.init) else {
                    throw RedisError(code: .replyUnexpected, message: "the commit answered something that is not a result")
                }
                results.append(result)
            } else if let text = element.text {
                failedEvents.append(text)
            }
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
        zip(items, results).compactMap { item, result in result == .conflict ? nil : CommittedDecision(decision: item.decision, result: result) }
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
    /// Whether the plan id of an intent that was judged certainly has an outcome now. What others decided may have been that the entry is gone, and beside
    /// another Governor's permit there is none.
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
