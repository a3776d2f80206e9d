package import Deployment
package import GateAPI
import Platform

/// One session's own knowledge of the ledger: the bucket of its grants, the mark of its last commit, and which accounts
/// it has tidied.
package struct LedgerSession: Sendable {
    private let name = String(UInt32.random(in: .min ... .max), radix: 36)
    private let width: UInt64
    private let life: Int64
    private var sequence = 0
    /// Whether the last commit's mark says that others had committed before it.
    private var isAfterOthers = false
    private var period: UInt64 = 0
    private var label = ""
    /// Redis' time less this process's monotonic time, in milliseconds.
    private var offset: Int64
    /// The accounts that have had a share in the present bucket.
    private var started: Set<InputKey> = []
    /// When each account was last tidied, monotonic.
    private var tidied: [InputKey: UInt64] = [:]

    private static let bucketsPerLife = 8
    /// An account of a large batch is tidied this often at most: the batch's bounds hold without it.
    private static let tidyInterval: UInt64 = 100_000_000

    /// - Parameters:
    ///   - time: Redis' time.
    ///   - now: the same moment, monotonic.
    package init(_ answers: AnswersConfiguration, time: Timestamp, now: UInt64) {
        width = max(1_000_000, answers.reservationTTL.nanoseconds / UInt64(Self.bucketsPerLife))
        life = answers.reservationTTL.milliseconds + Int64(width / 1_000_000)
        offset = time.milliseconds - Int64(now / 1_000_000)
    }

    /// A commit that began at `now` has told Redis' time.
    mutating func note(time: Int64, now: UInt64) {
        offset = time - Int64(now / 1_000_000)
    }

    /// A commit begins.
    ///
    /// - Parameter tidiesAll: for a small batch. Of a large one, only the accounts that must be read are tidied,
    ///   and the one whose turn it is.
    package mutating func turn(_ batch: LedgerBatch, tidiesAll: Bool, now: UInt64) -> LedgerTurn {
        if period != now / width || label.isEmpty {
            period = now / width
            started = []
            // The bucket ends when the last of its grants has counted for its whole life.
            label = "\(name).\(Int64(now / 1_000_000) + offset + life)"
        }
        let last = isAfterOthers ? mark + LedgerTurn.afterOthers : mark
        // What uses no account leaves the mark.
        if !batch.isEmpty {
            sequence += 1
            isAfterOthers = false
        }
        var turn = LedgerTurn(label: label, mark: mark, lastMark: last)
        turn.begun = now
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

    /// Another session had committed before a commit, and no account of before it is at hand any more.
    mutating func followsOthers(_ mark: String) {
        // Another commit was sent behind it: that one tells the same.
        if mark == self.mark { isAfterOthers = true }
    }

    /// A transaction was not executed: its accounts may have no life yet.
    mutating func wasRefused() {
        started = []
    }

    private var mark: String { "\(name).\(sequence)" }

    /// Producers choose the symbols, so the number of accounts has no bound.
    mutating func limitMemory() {
        if tidied.count > 100_000 { tidied = [:] }
    }
}

/// What one commit tells the ledger beside its accounts.
package struct LedgerTurn: Sendable {
    /// The end of a mark whose commit came behind others'.
    static let afterOthers = " after others"
    /// The turn of a commit that uses no account.
    package static let idle = LedgerTurn(label: "", mark: "", lastMark: "")

    package let label: String
    package let mark: String
    package let lastMark: String
    /// Monotonic.
    var begun: UInt64 = 0
    /// The order in which the accounts are told: first those that are read in any case.
    var order: [Int] = []
    var readCount = 0
    /// The place of each account in that order.
    var places: [Int] = []
    /// Whether each account has its first share in this bucket.
    var isNew: [Bool] = []
}
