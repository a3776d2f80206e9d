import GateHost

/// Counts of the events in schedules.
package struct Counts: Sendable {
    package var schedules = 0
    package var steps = 0
    package var hosts = 0
    /// Commits by the script and by transactions.
    package var commits = 0
    package var transactions = 0
    /// Transactions that Redis did not execute.
    package var refusedTransactions = 0
    /// Refused transactions whose check had passed.
    package var overtakenTransactions = 0
    /// Times that the baton passed from one session to another.
    package var turns = 0
    package var deliveries = 0
    package var decided = 0
    package var duplicates = 0
    package var reused = 0
    /// Plans that another Governor permitted.
    package var permitted = 0
    package var conflicts = 0
    /// Accounts whose newest snapshot a commit did not know.
    package var olderSnapshots = 0
    /// Executed buckets that a snapshot let go, and all buckets that are over.
    package var shownBuckets = 0
    package var endedBuckets = 0
    /// Commits and checks that found their own session's mark, and reports after which none does.
    package var knownMarks = 0
    package var grownByReports = 0
    /// Permits for plan ids whose earlier permit was taken back.
    package var freedPlans = 0
    /// Commits whose bucket ended too soon or too late.
    package var untimelyCommits = 0
    /// Grants that a report or a switch changed.
    package var settled = 0
    /// Entries that a commit found already decided, by another host or by its own.
    package var alreadyDecided = 0
    package var claims = 0
    package var takeUps = 0
    package var crashes = 0
    package var cuts = 0
    package var stalls = 0
    package var restarts = 0
    package var refusedConnections = 0
    package var timeouts = 0
    /// Executed commits whose replies were lost.
    package var lostReplies = 0
    /// Commits that were executed after their host had given them up or crashed.
    package var lateCommits = 0
    /// Commits that were sent and never executed.
    package var lostCommits = 0
    package var invalidations = 0
    /// Entries that were deleted from the stream before their decision.
    package var deletedEntries = 0

    package init() {}

    mutating func count(_ result: CommitResult) {
        switch result {
        case .alreadyDecided: alreadyDecided += 1
        case .applied: decided += 1
        case .duplicate: duplicates += 1
        case .planIDReused: reused += 1
        case .permitExists: permitted += 1
        case .conflict: conflicts += 1
        }
    }

    private static let all: [(name: String, path: any WritableKeyPath<Counts, Int> & Sendable)] = [
        ("schedules", \.schedules), ("steps", \.steps), ("hosts", \.hosts), ("commits", \.commits),
        ("transactions", \.transactions),
        ("transactions refused", \.refusedTransactions),
        ("transactions overtaken after their check", \.overtakenTransactions), ("turns", \.turns),
        ("deliveries", \.deliveries),
        ("decided as proposed", \.decided), ("duplicates", \.duplicates), ("plan ids reused", \.reused),
        ("permitted elsewhere", \.permitted),
        ("conflicts", \.conflicts), ("older snapshots", \.olderSnapshots), ("grants settled", \.settled),
        ("known marks", \.knownMarks), ("reports that take shares", \.grownByReports),
        ("buckets shown", \.shownBuckets), ("buckets over", \.endedBuckets), ("plan ids used again", \.freedPlans),
        ("untimely commits", \.untimelyCommits),
        ("already decided", \.alreadyDecided), ("claims", \.claims), ("own entries taken up", \.takeUps),
        ("crashes", \.crashes),
        ("connections cut", \.cuts), ("connections stalled", \.stalls), ("server restarts", \.restarts),
        ("connections refused", \.refusedConnections),
        ("timeouts", \.timeouts), ("lost replies to commits", \.lostReplies), ("late commits", \.lateCommits),
        ("lost commits", \.lostCommits),
        ("invalidations", \.invalidations), ("entries deleted", \.deletedEntries),
    ]

    /// The name and the number of each count.
    package var items: [(name: String, count: Int)] { Self.all.map { ($0.name, self[keyPath: $0.path]) } }

    package mutating func add(_ other: Counts) {
        for item in Self.all { self[keyPath: item.path] += other[keyPath: item.path] }
    }
}
