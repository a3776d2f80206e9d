/// An entry that waits to be judged.
struct Candidate {
    let entry: StreamEntry
    /// An earlier entry with the same plan id has its outcome: this one is judged for its record, but reserves nothing.
    var isDuplicate = false
    /// The number of times that its decision has failed to commit.
    var attempts = 0

    /// The candidate, marked as a duplicate if its plan id is among those that have their outcome.
    func marked(_ resolved: Set<UInt64>) -> Candidate {
        var candidate = self
        if let hash = entry.planHash, resolved.contains(hash) { candidate.isDuplicate = true }
        return candidate
    }
}
