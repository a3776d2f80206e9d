import GateAPI
import Redis
import TradingState

/// A batch after its commit: the items, and the result for each.
package struct CommittedBatch: Sendable {
    package private(set) var items: [CommitItem]
    /// One for each item.
    package internal(set) var results: [CommitResult] = []
    /// The batch's use of accounts.
    let ledger: LedgerBatch
    private let turn: LedgerTurn
    /// When the commit was encoded, monotonic.
    var begun: UInt64 { turn.begun }
    /// The totals of each of its accounts as Redis has them, `nil` for one that was not read; none if nothing was.
    private(set) var totals: [LaneTotals?] = []
    /// Whether ``totals`` include what the batch took.
    private(set) var includesShares = true
    /// The number of the session's last commit that came behind others'; `nil` if the commit did not tell.
    private(set) var since: Int?
    /// Redis' time, epoch ms, if the commit told it.
    private(set) var time: Int64?
    /// The number of parts of accounts that could not be read.
    var damaged = 0
    /// Events that Redis refused, such as `key: WRONGTYPE …`. Their decisions stand.
    package internal(set) var failedEvents: [String] = []
    /// The number of entries to judge again because an account was not as they were judged.
    var conflicts = 0
    /// The first entry that the session has read and not decided yet.
    var oldestOpen: EntryID?
    /// The number of entries of a transaction that had been acknowledged by a client that neither decided nor claimed
    /// them.
    var notPending = 0
    /// The number of answers of a transaction that another Governor wrote between the check and EXEC.
    var foreignAnswers = 0

    /// Entries of a transaction that were acknowledged although Redis refused their records.
    var unrecorded: [EntryID] = []

    init(items: [CommitItem], _ ledger: LedgerBatch, _ turn: LedgerTurn) {
        self.items = items
        self.ledger = ledger
        self.turn = turn
    }

    /// Reads what LedgerScript reports of the accounts. Returns what follows.
    mutating func readLedger(
        _ replies: ArraySlice<RedisReply>, includesShares: Bool
    ) throws(RedisError) -> ArraySlice<RedisReply> {
        guard !ledger.isEmpty else { return replies }
        self.includesShares = includesShares
        var rest = replies
        guard let damaged = rest.popFirst()?.integer, let time = rest.popFirst()?.integer,
            let since = rest.popFirst()?.integer, let count = rest.popFirst()?.integer, rest.count >= count,
            count <= turn.order.count
        else {
            throw RedisError(code: .replyUnexpected, message: "the commit answered nothing about its accounts")
        }
        self.damaged = damaged
        self.time = Int64(time)
        self.since = since
        totals = Array(repeating: nil, count: ledger.accounts.count)
        for index in turn.order.prefix(count) {
            guard let text = rest.popFirst()?.text, text.hasPrefix("=") else { continue }
            totals[index] = Self.totals(text.dropFirst())
        }
        return rest
    }

    private static func totals(_ text: Substring) -> LaneTotals {
        var totals = LaneTotals()
        var parts = text.split(separator: " ").makeIterator()
        while let suffix = parts.next(), let value = parts.next() {
            _ = LedgerAmount.add(suffix, value, to: &totals)
        }
        return totals
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

    /// The outcome as recorded; `nil` if another host had already decided the entry.
    package var outcome: Outcome? { result.outcome(of: decision) }
    package var reason: String { result.reason(of: decision) }
}
