/// The way in which a batch is committed.
enum CommitProtocol {
    /// ``CommitScript``: commits anything.
    case script
    /// ``CommitTransaction``: cheaper for large batches of plain decisions.
    case transaction(commands: Int, shares: Int)

    /// The number of replies to the commit.
    var replies: Int {
        switch self {
        case .script: 1
        case .transaction(let commands, _): commands
        }
    }
}

/// Chooses the protocol for each batch. After a refused transaction it uses the script for a while, for twice as many
/// batches after each refusal in a row.
struct CommitProtocolChoice {
    private let smallestTransaction: Int
    /// The number of batches still due to the script.
    private var scriptedBatches = 0
    /// The number due after the next refusal.
    private var backoff = 1

    private static let longestBackoff = 64
    /// The number of batches due to the script after another host's commit.
    private static let batchesBesideOthers = 16
    /// Lua's stack holds fewer values than the check of a larger batch has keys.
    private static let largestTransaction = 2_000

    init(smallestTransaction: Int) {
        self.smallestTransaction = smallestTransaction
    }

    /// Whether any batch may be committed by a transaction.
    var allowsTransactions: Bool { smallestTransaction < .max }

    /// Whether this batch goes to a transaction. Call it once for each batch.
    ///
    /// - Parameter hasMark: whether the claims mark from before all reads of the batch is known.
    mutating func usesTransaction(for items: [CommitItem], hasMark: Bool) -> Bool {
        if scriptedBatches == 0, hasMark, items.count >= smallestTransaction, items.count <= Self.largestTransaction,
            fitTransaction(items)
        {
            return true
        }
        scriptedBatches = max(0, scriptedBatches - 1)
        return false
    }

    mutating func transactionWasExecuted() {
        backoff = 1
    }

    mutating func transactionWasRefused() {
        scriptedBatches = backoff
        backoff = min(2 * backoff, Self.longestBackoff)
    }

    /// Another host commits too: it would make most of the next transactions fail.
    mutating func othersCommit() {
        scriptedBatches = max(scriptedBatches, Self.batchesBesideOthers)
    }

    /// The session commits alone for a while.
    mutating func turnBegins() {
        scriptedBatches = 0
    }

    private func fitTransaction(_ items: [CommitItem]) -> Bool {
        let items = items.span
        for index in items.indices where !items[index].fitsTransaction { return false }
        return true
    }
}

extension CommitItem {
    /// Whether a transaction commits this item just as the script would. A dead letter is a record of another kind.
    var fitsTransaction: Bool {
        guard !isTrimmed, !isDuplicate, decision.entry != nil else { return false }
        return decision.isJudged || decision.outcome == .skip
    }
}
