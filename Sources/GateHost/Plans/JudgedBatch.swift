/// The decisions of one batch, on their way from judgement to commit.
struct JudgedBatch {
    var items: [CommitItem] = []
    /// Entries with the plan id of an entry in flight, or of an earlier one in the batch. They are judged once the
    /// outcome of that one is known.
    var deferred: [Candidate] = []
    /// The hashes of the items' plan ids.
    var planHashes: Set<UInt64> = []
    /// What the items do to the accounts of the ledger. If they do anything, another host may keep an item from being
    /// committed.
    var ledger = LedgerBatch()
}
