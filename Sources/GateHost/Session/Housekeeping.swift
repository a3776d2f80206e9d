import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// The work besides new entries: deciding entries that were left pending, a slice at a time, and what is due every
/// `claim_interval`: a search for entries of dead consumers, the backlog, the removal of dead consumers, and a new
/// start of caching after the invalidation feed was lost.
final class Housekeeping {
    private let context: IntakeContext
    private let gauges: PartitionMetrics
    private let status: IntakeStatus
    private var current: (session: Session, group: ConsumerGroup, recovery: PendingRecovery)?
    private var nextRound: UInt64 = 0
    private var nextRemoval: UInt64 = 0

    /// The time between two searches for dead consumers.
    private static let removalInterval: Duration = .seconds(300)

    init(context: IntakeContext, gauges: PartitionMetrics, status: IntakeStatus) {
        self.context = context
        self.gauges = gauges
        self.status = status
    }

    /// A session begins. Its first housekeeping is due at once.
    func begin(_ session: Session, _ group: ConsumerGroup, _ recovery: PendingRecovery) {
        current = (session, group, recovery)
        nextRound = 0
    }

    /// The session has ended. Its buffers are not kept until the next begins.
    func end() {
        current = nil
    }

    var isDue: Bool { isRecovering || isRoundDue }

    /// Whether there were entries of this consumer's own, and all of them are decided.
    var hasDecidedOwn: Bool { current?.recovery.hasDecidedOwn == true }

    /// Whether entries that were left pending are not decided yet.
    var isRecovering: Bool { current?.recovery.hasMore == true }

    private var isRoundDue: Bool { context.runtime.monotonic() >= nextRound }

    /// Does one slice. More may be due at once.
    func run() throws(RedisError) {
        guard let (session, group, recovery) = current else { return }
        if isRoundDue { recovery.startClaiming() }
        if recovery.hasMore { try recovery.decideSlice() }
        guard isRoundDue else { return }
        try measure(session, group)
        try checkLead(session)
        let now = context.runtime.monotonic()
        if now >= nextRemoval {
            try group.removeDeadConsumers(session.connection)
            nextRemoval = now &+ Self.removalInterval.nanoseconds
        }
        if !session.records.isCaching { startCaching(session) }
        nextRound = now &+ UInt64(context.configuration.intake.claimInterval.milliseconds) &* 1_000_000
    }

    /// An id ahead of the clock makes every later one follow it.
    private func checkLead(_ session: Session) throws(RedisError) {
        let lead = try session.reader.lead(session.connection)
        gauges.ahead.set(lead?.seconds ?? 0)
        let noteworthy = lead?.isNoteworthy == true ? lead : nil
        guard status.setLead(noteworthy), let noteworthy else { return }
        context.logger.critical(
            "the stream's last id is ahead of the clock",
            metadata: [
                "stream": "\(noteworthy.stream)", "last": "\(noteworthy.lastID)",
                "takes_entries": "\(!noteworthy.isExhausted)",
            ])
    }

    /// Measures the backlog, notes how far the group has come, and counts entries that were trimmed unread.
    private func measure(_ session: Session, _ group: ConsumerGroup) throws(RedisError) {
        guard let backlog = try group.backlog(session.connection) else { return gauges.forgetBacklog() }
        let known = try GroupProgress.read(session.connection, group)
        let extent = backlog.undelivered == 0 ? nil : try group.extent(session.connection)
        let lost = backlog.undelivered == 0 ? 0 : extent.flatMap { backlog.lost($0) } ?? known?.lost ?? 0
        gauges.set(backlog, waiting: extent.flatMap { backlog.waiting($0) }, lost: lost)
        if let progress = try group.progress(backlog, lost: lost, session.connection) {
            try progress.write(session.connection, group)
        }
        let count = lost - (known?.lost ?? 0)
        guard count > 0 else { return }
        gauges.trimmed.increment(by: count)
        context.logger.error(
            "entries were trimmed from the stream before any host read them: they get no decision",
            metadata: ["stream": "\(group.stream)", "entries": "\(count)"])
    }

    /// If Redis cannot report changes, the host works without: it reads the records anew for every batch.
    private func startCaching(_ session: Session) {
        guard context.configuration.intake.cacheRecords else { return }
        do throws(RedisError) {
            session.records.startCaching(
                try InvalidationFeed(commands: session.connection, connect: context.runtime.connect))
            gauges.isCaching.set(1)
        } catch {
            gauges.isCaching.set(0)
            context.logger.warning(
                "records are read for every batch: Redis does not report their changes",
                metadata: ["error": "\(error)"])
        }
    }
}
