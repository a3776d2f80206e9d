import Platform
import Redis
import TradingState

/// Which of several busy sessions commits.
///
/// Transactions of two sessions make each other fail, and the script costs Redis half as much again. So sessions that
/// commit beside others and have full batches take turns: one waits in line for the baton, reads the accounts that it
/// needs, and then commits as if it were alone, until its turn is over or its batches are no longer full.
///
/// The baton is about speed alone. Sessions with small batches commit without it, and what two sessions commit at the
/// same time is right all the same. In Redis it is the one member of a sorted set, for which clients wait with BZPOPMIN.
/// The holder keeps another key alive; once that has expired, the next in line takes the holder for dead and makes a new
/// baton.
/// A session that is slow, as with a gate that hangs, leaves it to the others for a while.
struct CommitBaton {
    private(set) var isHeld = false
    /// Whether full batches wait for it: others commit too, and this session is not slow.
    var isWanted: Bool { othersCommit && batchesWithout == 0 }
    private var othersCommit = false
    /// The number of batches that go without it after a slow one.
    private var batchesWithout = 0
    /// When the last batch of this turn was sent, monotonic.
    private var lastSent: UInt64 = 0
    /// The number of batches of this turn.
    private var batches = 0
    /// The number of transactions of this turn that Redis did not execute.
    private var refusals = 0
    /// The number of turns in a row for which the session did not wait.
    private var turnsAlone = 0

    /// A turn costs an empty pipeline: its first batch is judged while Redis waits.
    private static let batchesPerTurn = 32
    /// After so many refusals in a turn, another session seems to hold a baton too.
    private static let mostRefusals = 3
    private static let mostTurnsAlone = 4
    /// A batch that takes longer is slow.
    private static let slowBatch: Duration = .milliseconds(50)
    private static let batchesAfterSlow = 64
    /// After this long without a batch, the others go on without the holder.
    private static let holdersLife: Duration = .milliseconds(100)
    /// How long a session waits in line before it looks whether there is a holder.
    private static let longestWait: Duration = .milliseconds(50)

    /// Others commit at the same time.
    mutating func want() {
        othersCommit = true
        turnsAlone = 0
    }

    /// Waits in line for a while. Returns the mark of the last commit if the session now holds the baton, else `nil`.
    mutating func take(_ connection: RedisConnection, monotonic: () -> UInt64) throws(RedisError) -> String? {
        defer { lastSent = monotonic() }
        if let mark = try takeAtOnce(connection) {
            turnsAlone += 1
            if turnsAlone >= Self.mostTurnsAlone { othersCommit = false }
            return mark
        }
        turnsAlone = 0
        var commands = RedisPipeline()
        commands.add("BZPOPMIN", CommitKeys.baton, String(Double(Self.longestWait.milliseconds) / 1_000))
        commands.add("GET", CommitKeys.commits)
        let replies = try connection.send(commands, extraTimeout: Self.longestWait)
        return try hold(replies[0].kind == .array, replies)
    }

    /// Takes a baton that nobody holds, or makes one if there is none.
    private mutating func takeAtOnce(_ connection: RedisConnection) throws(RedisError) -> String? {
        var commands = RedisPipeline()
        commands.add("ZPOPMIN", CommitKeys.baton)
        commands.add(Self.stayingAlive + ["NX"])
        commands.add("GET", CommitKeys.commits)
        let replies = try connection.send(commands)
        return try hold(replies[0].count > 0 || replies[1].kind == .status, replies)
    }

    private mutating func hold(_ isTaken: Bool, _ replies: RedisReplies) throws(RedisError) -> String? {
        for reply in replies {
            if let error = reply.error { throw RedisError(error) }
        }
        guard isTaken else { return nil }
        isHeld = true
        batches = 0
        refusals = 0
        return replies.last?.text ?? ""
    }

    /// Redis did not execute a transaction.
    mutating func transactionWasRefused() {
        want()
        refusals += 1
        if refusals >= Self.mostRefusals { isHeld = false }
    }

    /// A batch goes to Redis. Behind its commit, the baton goes to the next in line if the turn is over.
    ///
    /// - Parameters:
    ///   - isBusy: whether the session has further full batches.
    ///   - now: monotonic.
    mutating func goOn(_ isBusy: Bool, now: UInt64, _ commands: inout RedisPipeline) {
        if batchesWithout > 0 { batchesWithout -= 1 }
        guard isHeld else { return }
        batches += 1
        let isSlow = now &- lastSent > Self.slowBatch.nanoseconds
        if isSlow { batchesWithout = Self.batchesAfterSlow }
        lastSent = now
        if isBusy, !isSlow, batches < Self.batchesPerTurn { return commands.add(Self.stayingAlive) }
        isHeld = false
        commands.add("ZADD", CommitKeys.baton, "0", "baton")
    }

    private static let stayingAlive = ["SET", CommitKeys.batonHolder, "1", "PX", String(holdersLife.milliseconds)]
}
