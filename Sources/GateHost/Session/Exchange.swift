/// The commands of one trip to Redis: the commit of a batch, and the read of the next.
struct Exchange {
    enum Reading {
        case nothing
        /// Brings the entries that are there.
        case immediate
        /// Waits for the first entry. Redis answers nothing behind it until then.
        case blocking
    }

    var commit: PendingCommit?
    let reading: Reading
    /// Replies that come before the entries.
    let repliesBefore: Int
    /// The fence behind the read; `nil` if there is none.
    let fence: Int?
}

/// A judged batch that is encoded for its commit.
struct PendingCommit {
    var batch: JudgedBatch
    let commitProtocol: CommitProtocol
    let turn: LedgerTurn

    /// Whether entries may come back undecided: a host may win a race against it, or it deferred some.
    var mayReturnEntries: Bool {
        if case .transaction = commitProtocol { return true }
        return !batch.ledger.isEmpty || !batch.deferred.isEmpty
    }
}
