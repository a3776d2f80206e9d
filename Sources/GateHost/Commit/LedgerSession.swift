package import Deployment
package import GateAPI
import Platform
import TradingState

/// One session's own knowledge of the ledger: the bucket of its grants, the mark of its last commit, and which accounts
/// it has tidied.
package struct LedgerSession: Sendable {
    private let name: String
    private let timely: (key: String, life: String)
    private let width: UInt64
    /// How long a share counts, in milliseconds.
    private let life: Int64
    private var sequence = 0
    /// The mark of another session's commit, behind which the next commit comes.
    private var followed: String?
    /// The number of the last commit that came behind others', as far as replies have told.
    private var since = 0
    private var period: UInt64 = 0
    private var label = ""
    /// When the present bucket ends, by Redis' clock.
    private var end: Int64 = 0
    /// Redis' time less this process's monotonic time, in milliseconds.
    private var offset: Int64
    /// The accounts that have had a share in the present bucket.
    private var started: Set<InputKey> = []
    /// When each account was last tidied, monotonic.
    private var tidied: [InputKey: UInt64] = [:]

    /// An account of a large batch is tidied this often at most: the batch's bounds hold without it.
    private static let tidyInterval: UInt64 = 100_000_000

    /// - Parameters:
    ///   - time: Redis' time.
    ///   - now: the same moment, monotonic.
    package init(_ answers: AnswersConfiguration, time: Timestamp, now: UInt64) {
        name = String(UInt32.random(in: .min ... .max), radix: 36)
        width = max(1_000_000, answers.reservationTTL.nanoseconds / UInt64(LedgerLife.bucketsPerShare))
        life = answers.reservationTTL.milliseconds
        timely = (CommitKeys.timely(session: name), String(width / 1_000_000))
        offset = time.milliseconds - Int64(now / 1_000_000)
    }

    /// A commit that began at `now` has told Redis' time. If the bucket's end does not fit that time, the next commit
    /// begins another.
    mutating func note(time: Int64, now: UInt64) {
        offset = time - Int64(now / 1_000_000)
        let isTimely = time + life + Int64(width / 1_000_000)...time + 2 * life ~= end
        if !isTimely { label = "" }
    }

    /// A commit begins.
    ///
    /// - Parameter tidiesAll: for a small batch. Of a large one, only the accounts that must be read are tidied,
    ///   and the one whose turn it is.
    package mutating func turn(_ batch: LedgerBatch, tidiesAll: Bool, now: UInt64) -> LedgerTurn {
        if period != now / width || label.isEmpty {
            period = now / width
            started = []
            // The bucket ends when the last of its grants has counted for its whole life, also if its commit is late by
            // the width of a bucket, and the end of its transaction by another.
            end = Int64(now / 1_000_000) + offset + life + 3 * Int64(width / 1_000_000)
            label = "\(name).\(end)"
        }
        let last = followed ?? mark + String(since)
        // A batch without accounts leaves the mark.
        if !batch.isEmpty {
            sequence += 1
            followed = nil
        }
        var turn = LedgerTurn(label: label, mark: mark, lastMark: last, since: since)
        turn.begun = now
        turn.timely = timely
        var others: [Int] = []
        var due: (place: Int, since: UInt64)?
        for index in batch.accounts.indices {
            let use = batch.accounts[index]
            turn.isNew.append(use.shareCount > 0 && started.insert(use.key).inserted)
            if tidiesAll || use.mustBeRead {
                tidied[use.key] = now
                turn.order.append(index)
                continue
            }
            let since = tidied[use.key] ?? 0
            if since < due?.since ?? .max { due = (others.count, since) }
            others.append(index)
        }
        if let due, now &- due.since > Self.tidyInterval {
            let index = others.remove(at: due.place)
            tidied[batch.accounts[index].key] = now
            turn.order.append(index)
        }
        turn.readCount = turn.order.count
        turn.order += others
        turn.places = turn.order
        for (place, index) in turn.order.enumerated() { turn.places[index] = place }
        return turn
    }

    /// All accounts are going to be read anew, behind the commit that left a mark.
    mutating func follow(_ mark: String) {
        followed = mark
    }

    /// Whether no commit has been answered yet. The first one finds another's mark, or none.
    var isNew: Bool { since == 0 }

    /// A commit has told the number of the last one that came behind others'. Returns whether that is news: the accounts
    /// at hand that this commit has not told are older.
    mutating func note(since: Int) -> Bool {
        defer { self.since = since }
        return since != self.since
    }

    /// A transaction was not executed: its accounts may have no life yet.
    mutating func wasRefused() {
        started = []
    }

    private var mark: String { "\(name).\(sequence)." }

    /// Producers choose the symbols, so the number of accounts has no bound.
    mutating func limitMemory() {
        if tidied.count > 100_000 { tidied = [:] }
    }
}

/// A commit's own part of what the ledger is told, beside the accounts.
package struct LedgerTurn: Sendable {
    /// The turn of a commit that uses no account.
    package static let idle = LedgerTurn(label: "", mark: "", lastMark: "", since: 0)

    package let label: String
    /// The mark of this commit, without the number at its end.
    package let mark: String
    /// The mark that the last commit has left, if the accounts are as the gates knew them.
    package let lastMark: String
    /// The number of the session's last commit that came behind others', as far as the gates knew.
    package let since: Int
    /// Monotonic.
    var begun: UInt64 = 0
    /// The key that a transaction watches so as not to come late, and how late it may come, in milliseconds.
    var timely = (key: "", life: "")
    /// The order in which the accounts are told: first those that are read in any case.
    var order: [Int] = []
    var readCount = 0
    /// The place of each account in that order.
    var places: [Int] = []
    /// Whether each account has its first share in this bucket.
    var isNew: [Bool] = []
}
