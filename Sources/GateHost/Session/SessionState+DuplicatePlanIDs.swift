/// Entries that share a plan id.
///
/// One plan id gets one outcome, and only a commit shows whether it has one. So an entry whose plan id is in flight, or
/// belongs to an earlier entry of its batch, is *deferred*: it is judged after that commit. If the plan id has its
/// outcome then, the entry is marked as a duplicate and reserves nothing. Duplicates need not wait for one another.
extension SessionState {
    /// Whether a commit in flight holds a decision on this plan id.
    func isInFlight(_ planHash: UInt64) -> Bool {
        for index in inFlight.indices where inFlight[index].commit?.batch.planHashes.contains(planHash) == true {
            return true
        }
        return false
    }

    /// Whether any entry waits for a plan id's outcome.
    func hasEntriesWaitingForPlanIDs(besides deferred: [Candidate]) -> Bool {
        !deferred.isEmpty || judged?.batch.deferred.isEmpty == false
            || inFlight.contains { $0.commit?.batch.deferred.isEmpty == false }
    }

    /// These plan ids have their outcome. The batch's own deferred entries are judged next; those of batches that were
    /// judged meanwhile are marked where they are.
    mutating func resolve(_ planHashes: Set<UInt64>, _ deferred: [Candidate]) {
        retries += deferred.map { $0.marked(planHashes) }
        guard !planHashes.isEmpty else { return }
        if let waiting = judged?.batch.deferred { judged?.batch.deferred = waiting.map { $0.marked(planHashes) } }
        for index in inFlight.indices {
            guard let waiting = inFlight[index].commit?.batch.deferred, !waiting.isEmpty else { continue }
            inFlight[index].commit?.batch.deferred = waiting.map { $0.marked(planHashes) }
        }
    }
}
