import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// The life of one intake thread: connect, then decide what is pending and read, judge and commit until told to stop.
///
/// Any error of the connection or of a commit ends the session. The entries stay pending, and the next session decides
/// them, a slice before each read. A commit whose reply was lost can be repeated: the entries that it decided are not pending any more.
final class IntakeThread {
    private let context: IntakeContext
    private let thread: WatchedThread
    private let stop: StopSignal
    private let status: IntakeStatus
    private let gauges: PartitionMetrics
    /// Made on the thread itself.
    private lazy var calls = ContainedCalls(context.containment, thread)
    private let report: CommitReport
    private let housekeeping: Housekeeping
    /// The most entries of one read: halved after an error that a smaller read may avoid.
    private var batchSize: Int
    /// Whether the last session ended in a read of entries.
    private var wasReading = false

    init(
        _ thread: WatchedThread, context: IntakeContext, stop: StopSignal, status: IntakeStatus,
        gauges: PartitionMetrics
    ) {
        self.thread = thread
        self.context = context
        self.stop = stop
        self.status = status
        self.gauges = gauges
        report = CommitReport(context: context, status: status, streamHash: thread.streamHash)
        housekeeping = Housekeeping(context: context, gauges: gauges, status: status)
        batchSize = context.configuration.intake.batch
    }

    /// Returns when it is told to stop, or when the watchdog has abandoned the thread.
    func run() {
        defer { calls.finish() }
        var sessions = ReconnectingLoop(
            redis: context.configuration.redis, stop: stop, runtime: context.runtime
        ) { [self] error, wait in
            // Entries that are too large to be read together may be small enough one by one.
            if error.code == .outOfMemory || error.code == .timeout {
                batchSize = max(1, batchSize / 2)
                if wasReading { status.withProgress { $0.hasCounted = false } }
            }
            wasReading = false
            context.metrics.sessionsLost.increment()
            set(.waiting("redis: \(error)"))
            context.logger.error(
                "intake interrupted; its entries stay pending",
                metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.isAbandoned = { [thread] in thread.isAbandoned }
        sessions.run { (connection, ready) throws(RedisError) in
            let group = consumerGroup
            try create(group, connection)
            let session = try Session(connection, reader: streamReader, calls: calls, context: context) { [report] in
                report.committed($0)
            }
            defer {
                session.records.stopCaching()
                housekeeping.end()
                batchSize = session.reader.batch
                wasReading = session.isReading
            }
            housekeeping.begin(session, group, recovery(session))
            try serve(session, ready)
            try group.leave(connection)
        }
        if !thread.isAbandoned { set(.stopped) }
    }

    private func set(_ phase: HostStatus.Phase) {
        status.set(phase)
        gauges.isReady.set(phase == .ready ? 1 : 0)
    }

    /// - Parameter ready: called once this consumer's own pending entries are decided, or after the first read of entries
    ///   that finds no pending ones left, and not before: a session that fails in every first round, or over a pending
    ///   entry, must not reconnect at full speed.
    private func serve(_ session: Session, _ ready: () -> Void) throws(RedisError) {
        var isSettled = false
        while true {
            status.tick()
            let action = session.next(
                stop.isStopping ? .finish : .serve, isHousekeepingDue: housekeeping.isDue)
            switch action {
            case .finished: return
            case .housekeep:
                try housekeeping.run()
                // Whatever the read that follows meets, this session has made progress.
                guard !isSettled, housekeeping.hasDecidedOwn else { continue }
                isSettled = true
                ready()
            case .judge, .load, .send, .receive:
                status.setInLine(session.isInLine)
                guard let reading = try session.perform(action), reading != .nothing else { continue }
                if !session.records.isCaching { gauges.isCaching.set(0) }
                if status.current != .ready { set(.ready) }
                guard !isSettled, !housekeeping.isRecovering else { continue }
                isSettled = true
                ready()
            }
        }
    }
}

// MARK: The beginning of a session

extension IntakeThread {
    private var streamReader: StreamReader {
        let intake = context.configuration.intake
        return StreamReader(
            stream: thread.stream, group: intake.group, consumer: context.identity.consumer, batch: batchSize,
            longestBlock: intake.block, symbols: context.configuration.symbols,
            source: intake.source(of: thread.stream), maxEntryBytes: intake.maxEntryBytes)
    }

    private var consumerGroup: ConsumerGroup {
        let intake = context.configuration.intake
        return ConsumerGroup(
            stream: thread.stream, group: intake.group, consumer: context.identity.consumer, start: intake.start)
    }

    private func create(_ group: ConsumerGroup, _ connection: RedisConnection) throws(RedisError) {
        if let progress = try GroupProgress.read(connection, group),
            try connection.command("EXISTS", group.stream).integer == 1
        {
            if try !group.exists(connection) { try found(group, progress, connection) }
            return
        }
        let newest = status.withProgress { $0.newest }
        guard try group.create(connection, after: newest), let newest else { return }
        context.logger.critical(
            "the consumer group was missing; the new group starts after the last entry that this host decided",
            metadata: ["last": "\(newest)"])
    }

    /// Creates a group again that has worked before.
    private func found(
        _ group: ConsumerGroup, _ progress: GroupProgress, _ connection: RedisConnection
    ) throws(RedisError) {
        let answers = context.configuration.answers
        let founding = GroupFounding(
            group: group, progress: progress, decisionStream: answers.decisionStream,
            decisionMaxLength: answers.decisionMaxLength)
        guard let found = try founding.create(connection) else { return }
        var metadata: Logger.Metadata = ["start": "\(found.start)", "undecided": "\(found.undecided.count)"]
        if let presumed = found.presumed { metadata["taken_for_decided_up_to"] = "\(presumed)" }
        context.logger.critical(
            "the consumer group was missing; the new group goes on where the old one was, and decides nothing twice",
            metadata: metadata)
    }

    private func recovery(_ session: Session) -> PendingRecovery {
        status.withProgress { $0.hasOwnPending = true }
        return PendingRecovery(session: session, context: context, countsOwn: countsDeliveries()) {
            [context, thread, status] in
            status.withProgress { $0.hasOwnPending = false }
            context.containment.exemptions.forgetAll(of: thread.streamHash)
        }
    }

    /// Whether this session's reads of pending entries count as deliveries: it is the first of the process with this
    /// stream, or follows a read that was lost to time or size.
    private func countsDeliveries() -> Bool {
        status.withProgress { progress in
            defer { progress.hasCounted = true }
            return !progress.hasCounted
        }
    }
}
