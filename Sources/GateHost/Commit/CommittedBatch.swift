import GateAPI
import Redis

/// A batch after its commit: the items, and the result for each.
package struct CommittedBatch: Sendable {
    package private(set) var items: [CommitItem]
    /// One for each item.
    package internal(set) var results: [CommitResult] = []
    /// Events that Redis refused, such as `key: WRONGTYPE …`. Their decisions stand.
    package internal(set) var failedEvents: [String] = []
    /// How many entries must be judged again because another host had reserved.
    var conflicts = 0
    /// The first entry that the session has read and not decided yet.
    var oldestOpen: EntryID?
    /// How many entries of a transaction had been acknowledged by somebody who neither decided nor claimed them.
    var notPending = 0
    /// How many answers of a transaction another Governor wrote between the check and EXEC.
    var foreignAnswers = 0

    init(items: [CommitItem]) {
        self.items = items
    }

    /// Gives away the gates' results, so that their memory can be used again.
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

    /// The decisions that stand, with the commit's results; made for an observer that looks at all of each.
    package var decisions: [CommittedDecision] {
        zip(items, results).compactMap { item, result in
            result == .conflict ? nil : CommittedDecision(decision: item.decision, result: result)
        }
    }
}

/// A decision with its commit's result.
package struct CommittedDecision: Sendable {
    package let decision: Decision
    package let result: CommitResult

    /// The outcome as recorded; `nil` where another host had already decided the entry.
    package var outcome: Outcome? { result.outcome(of: decision) }
    package var reason: String { result.reason(of: decision) }
}
