import GateAPI
import Redis

/// The places of entries after the commit of their batch.
extension SessionState {
    /// One of the racing hosts always wins, so 1,000 losses in a row mean a fault.
    static let maximumAttempts = 1_000

    /// Records the results of a batch. Entries whose accounts were not as they were judged, and deferred entries, are
    /// judged again.
    mutating func settle(_ committed: inout CommittedBatch, deferred: [Candidate]) throws(RedisError) {
        let hasWaiting = hasEntriesWaitingForPlanIDs(besides: deferred)
        var resolved: Set<UInt64> = []
        for index in committed.items.indices {
            let result = committed.results[index]
            if result == .applied, !hasWaiting { continue }
            let item = committed.items[index]
            if result == .conflict {
                guard let failed = item.failed else { continue }
                committed.conflicts += 1
                retries.append(failed)
                guard item.attempts < Self.maximumAttempts else {
                    throw RedisError(
                        code: .replyUnexpected,
                        message: "an entry found other accounts than it was judged by \(Self.maximumAttempts) times")
                }
            } else if result.leavesOutcome, item.decision.isJudged, let hash = item.decision.entry?.planHash {
                resolved.insert(hash)
            }
        }
        resolve(resolved, deferred)
        committed.oldestOpen = oldestOpenEntry
    }

    /// Takes back a batch whose transaction Redis did not execute. It is judged again and goes to the script.
    mutating func takeBack(_ items: [CommitItem], deferred: [Candidate]) {
        for item in items { if let failed = item.failed { retries.append(failed) } }
        retries += deferred
    }

    /// An account's totals with what the commits that are judged or in flight take.
    func inFlightTotals(of key: InputKey, over totals: LaneTotals) -> LaneTotals {
        var sum = totals
        for commit in inFlight.map(\.commit) + [judged] {
            guard let added = commit?.batch.ledger.added(to: key) else { continue }
            sum.add(added)
        }
        return sum
    }

    /// The oldest entry that was taken for judgement and is not decided yet.
    private var oldestOpenEntry: EntryID? {
        var oldest: EntryID?
        func take(_ id: EntryID) { oldest = min(oldest ?? id, id) }
        for candidate in retries { take(candidate.entry.id) }
        for candidate in judging?.candidates ?? [] { take(candidate.entry.id) }
        for commit in inFlight.map(\.commit) + [judged] {
            guard let commit else { continue }
            let items = commit.batch.items.span
            for index in items.indices { take(items[index].decision.id) }
            for candidate in commit.batch.deferred { take(candidate.entry.id) }
        }
        return oldest
    }
}
