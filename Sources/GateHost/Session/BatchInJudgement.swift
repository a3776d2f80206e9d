import GateAPI

/// A batch from the moment in which the session takes it for judgement until it is judged.
struct BatchInJudgement {
    private(set) var candidates: [Candidate]
    /// Entries without bodies, which go to the dead letters.
    let bodiless: [EntryID]
    /// Entries that are too large to be read, which go to the dead letters too.
    let oversized: [OversizedEntry]
    let trimmed: [EntryID]
    /// The fence behind the newest read of its entries; `nil` if a read had none.
    let fence: Int?
    /// The claims mark that was there before all its entries were read; `nil` if it is not known.
    private(set) var claimsMark: String?
    let hasNewEntries: Bool
    /// Whether records must be read before it can be judged.
    var lacksRecords = false

    init(retries: [Candidate], _ batch: StreamBatch) {
        candidates = retries
        candidates.reserveCapacity(retries.count + batch.entries.count)
        for entry in batch.entries { candidates.append(Candidate(entry: entry)) }
        bodiless = batch.bodiless
        oversized = batch.oversized
        trimmed = batch.trimmed
        fence = batch.fence
        // Retries were read before this mark.
        claimsMark = retries.isEmpty ? batch.claimsMark : nil
        hasNewEntries = !batch.entries.isEmpty
    }

    mutating func putFirst(_ retries: [Candidate]) {
        candidates = retries + candidates
        claimsMark = nil
    }
}
