import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// The work that is due every `claim_interval`: claiming entries of dead consumers, measuring the backlog, removing
/// dead consumers, and starting to cache records again after the invalidation feed was lost.
final class Housekeeping {
    private let context: IntakeContext
    private let stop: StopSignal
    private let gauges: PartitionMetrics
    private let status: IntakeStatus
    private var current: (session: Session, group: ConsumerGroup, recovery: PendingRecovery)?
    private var nextRun: UInt64 = 0
    private var nextRemoval: UInt64 = 0

    /// The time between two searches for dead consumers.
    private static let removalInterval: Duration = .seconds(300)

    init(context: IntakeContext, stop: StopSignal, gauges: PartitionMetrics, status: IntakeStatus) {
        self.context = context
        self.stop = stop
        self.gauges = gauges
        self.status = status
    }

    /// A session begins. Its first housekeeping is due at once.
    func begin(_ session: Session, _ group: ConsumerGroup, _ recovery: PendingRecovery) {
        current = (session, group, recovery)
        nextRun = 0
    }

    /// The session has ended. Its buffers are not kept until the next begins.
    func end() {
        current = nil
    }

    var isDue: Bool { context.runtime.monotonic() >= nextRun }

    func run() throws(RedisError) {
        guard let (session, group, recovery) = current else { return }
        try claim(session, recovery)
        if let backlog = try group.backlog(session.connection) { gauges.set(backlog) }
        try checkLead(session)
        let now = context.runtime.monotonic()
        if now >= nextRemoval {
            try group.removeDeadConsumers(session.connection)
            nextRemoval = now &+ Self.removalInterval.nanoseconds
        }
        if !session.records.isCaching { startCaching(session) }
        nextRun = now &+ UInt64(context.configuration.intake.claimInterval.milliseconds) &* 1_000_000
    }

    private func claim(_ session: Session, _ recovery: PendingRecovery) throws(RedisError) {
        var cursor: String? = "0-0"
        while let start = cursor, !stop.isStopping {
            let (batch, next) = try session.reading { () throws(RedisError) in
                try session.reader.claim(
                    session.connection, idle: context.configuration.intake.claimAfter, cursor: start)
            }
            session.noteClaim()
            if !batch.isEmpty {
                context.metrics.claimed.increment(by: batch.entries.count)
                context.logger.warning(
                    "claimed entries that another consumer left pending",
                    metadata: ["entries": "\(batch.entries.count)"])
                try recovery.decideClaimed(batch)
            }
            cursor = next
        }
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
