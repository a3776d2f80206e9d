package import Deployment
import GateAPI
import Logging
import Redis
import Platform
import Telemetry

/// The life of the intake thread: connect, take over what is pending, then read, judge and commit until told to stop.
///
/// Whatever goes wrong with the connection or a commit ends the session: the entries stay pending, and the next session
/// begins by taking them up again. A commit whose reply was lost is safe to repeat, because the entries that it decided
/// are no longer pending.
final class IntakeLoop {
    private let configuration: HostConfiguration
    private var reader: StreamReader
    private let group: ConsumerGroup
    private let control: IntakeControl
    private let status: IntakeStatus
    private let gauges: PartitionMetrics
    private let metrics: HostMetrics
    private let observer: DecisionObserver?
    private let logger: Logger
    private let pipeline: Pipeline
    private let containment: Containment
    private let post: WatchedThread
    /// Made on the loop's own thread.
    private lazy var calls = ContainedCalls(containment, post)
    private let identity: HostIdentity
    private let surroundings: Surroundings
    private var nextClaim: UInt64 = 0
    private var nextTidying: UInt64 = 0

    /// From so many deliveries on an entry is judged alone, so that what ends the process is told from its neighbours.
    static let suspiciousDeliveries = 3
    /// How often remnants of dead consumers are looked for.
    static let tidyingInterval: UInt64 = 300_000_000_000

    init(
        _ post: WatchedThread, configuration: HostConfiguration, identity: HostIdentity, pipeline: Pipeline,
        containment: Containment,
        control: IntakeControl, status: IntakeStatus, metrics: HostMetrics, gauges: PartitionMetrics,
        observer: DecisionObserver?, logger: Logger,
        surroundings: Surroundings = .real
    ) {
        self.post = post
        self.containment = containment
        self.configuration = configuration
        let intake = configuration.intake
        reader = StreamReader(
            stream: post.stream, group: intake.group, consumer: identity.consumer, batch: intake.batch,
            longestBlock: intake.block)
        group = ConsumerGroup(
            stream: post.stream, group: intake.group, consumer: identity.consumer, start: intake.start)
        self.pipeline = pipeline
        self.identity = identity
        self.control = control
        self.status = status
        self.metrics = metrics
        self.gauges = gauges
        self.observer = observer
        self.logger = logger
        self.surroundings = surroundings
    }

    /// Returns when stopped or given up; never throws, because there is nothing a caller could do that this does not.
    func run() {
        defer { calls.finish() }
        var sessions = SessionLoop(redis: configuration.redis, control: control, surroundings: surroundings) {
            [self] error, wait in
            // Entries too large to be read together may be small enough one by one.
            if error.code == .outOfMemory || error.code == .timeout { reader.batch = max(1, reader.batch / 2) }
            metrics.sessionsLost.increment()
            status.set(.waiting("redis: \(error)"))
            logger.error(
                "intake interrupted; its entries stay pending",
                metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.isGivenUp = { [post] in post.isGivenUp }
        sessions.run { (connection, ready) throws(RedisError) in
            let session = try open(connection)
            defer { session.stopCaching() }
            try takeUpPending(session, connection)
            if !control.isStopping { containment.exemptions.forgetAll(of: post.streamHash) }
            try serve(session, connection, ready)
            try group.leave(connection)
        }
        if !post.isGivenUp { status.set(.stopped) }
    }

    private func open(_ connection: RedisConnection) throws(RedisError) -> IntakeSession {
        let newest = status.withProgress { $0.newest }
        if try group.create(connection, after: newest), newest != nil {
            logger.critical(
                "the consumer group was gone; it goes on after the last entry that this host has decided",
                metadata: ["last": "\(newest.map(\.description) ?? "")"])
        }
        nextClaim = 0
        return try IntakeSession(
            connection, reader: reader, pipeline: pipeline, calls: calls, configuration: configuration,
            host: identity.host, surroundings: surroundings,
            report: { [self] in committed($0) }, refused: { [metrics] in metrics.refusedTransactions.increment() })
    }

    /// What an earlier session of this consumer read and did not commit.
    private func takeUpPending(_ session: IntakeSession, _ connection: RedisConnection) throws(RedisError) {
        let isFirst = status.withProgress { progress in
            defer { progress.hasCounted = true }
            return !progress.hasCounted
        }
        var suspects: [StreamReader.Pending] = []
        var last: EntryID?
        while !control.isStopping {
            let pending = try reader.pending(connection, after: last)
            guard let end = pending.last?.id else { break }
            last = end
            logger.info("taking up own pending entries", metadata: ["entries": "\(pending.count)"])
            let counted = pending.map { StreamReader.Pending(id: $0.id, deliveries: $0.deliveries + (isFirst ? 1 : 0)) }
            suspects += counted.filter { $0.deliveries >= Self.suspiciousDeliveries }
            for deliveries in 0..<Self.suspiciousDeliveries {
                let ids = counted.filter { $0.deliveries == deliveries }.map(\.id)
                if !ids.isEmpty { try session.process(try reader.take(ids, counting: isFirst, connection)) }
            }
        }
        for suspect in suspects where !control.isStopping {
            let batch = try reader.take([suspect.id], counting: isFirst, connection)
            try processAlone(batch, suspect.deliveries, session)
        }
    }

    /// An entry that ended a process may end this one too: alone, it takes no others with it, and some day it goes to
    /// the dead letters.
    private func processAlone(_ batch: StreamReader.Batch, _ deliveries: Int, _ session: IntakeSession)
        throws(RedisError)
    {
        guard deliveries > configuration.containment.maxDeliveries, let entry = batch.entries.first else {
            return try session.process(batch)
        }
        let failures = containment.exemptions.text(of: entry.id, in: post.streamHash)
        logger.critical(
            "an entry was delivered too often without a decision and goes to the dead letters",
            metadata: ["intent_id": "\(entry.id)", "deliveries": "\(deliveries)", "failures": "\(failures)"])
        try session.bury(entry, deliveries: deliveries, failures: failures)
    }

    /// Those of claimed entries that were not delivered often, together; the others alone.
    private func processClaimed(_ batch: StreamReader.Batch, _ session: IntakeSession, _ connection: RedisConnection)
        throws(RedisError)
    {
        var usual = batch
        var suspects: [(StreamEntry, Int)] = []
        if let first = batch.entries.first, let last = batch.entries.last {
            var deliveries: [EntryID: Int] = [:]
            var from = "\(first.id)"
            while true {
                let pending = try reader.pending(connection, from: from, to: "\(last.id)")
                for entry in pending { deliveries[entry.id] = entry.deliveries }
                guard let end = pending.last?.id, end < last.id else { break }
                from = "(\(end)"
            }
            suspects = batch.entries.compactMap { entry in
                deliveries[entry.id].flatMap { $0 >= Self.suspiciousDeliveries ? (entry, $0) : nil }
            }
            let alone = Set(suspects.map(\.0.id))
            usual.entries.removeAll { alone.contains($0.id) }
        }
        try session.process(usual)
        for (entry, count) in suspects { try processAlone(StreamReader.Batch(entries: [entry]), count, session) }
    }

    /// Judges one batch while Redis commits those before and reads the next. A lone entry is answered at once; a burst
    /// fills the batches.
    ///
    /// - Parameter ready: called when a whole round went well, and not before: a session that fails in every first
    ///   round must not reconnect at full speed.
    private func serve(_ session: IntakeSession, _ connection: RedisConnection, _ ready: () -> Void) throws(RedisError)
    {
        var hand = StreamReader.Batch()
        while !control.isStopping {
            status.tick()
            if hand.isEmpty, session.retries.isEmpty {
                hand = try session.isBusy ? session.collect() : next(session, connection, ready)
                continue
            }
            let isDue = surroundings.monotonic() >= nextClaim
            // A full batch has more behind it: let Redis fetch that meanwhile, and do the next before this one's result
            // is known.
            let isFull = hand.entries.count >= reader.batch && !isDue && session.retries.count < 2 * reader.batch
            if isFull, !session.isBusy { try session.submit(reading: .immediate(count: reader.batch)) }
            try session.judge(hand)
            hand = StreamReader.Batch()
            if isFull {
                try session.submit(reading: .immediate(count: reader.batch))
                hand = try session.collect()
                continue
            }
            while session.isBusy { hand.append(try session.collect()) }
            if isDue || !hand.isEmpty || !session.retries.isEmpty || session.mayReturn {
                try session.submit(reading: hand.isEmpty || isDue ? .nothing : .immediate(count: reader.batch))
            } else {
                try session.submit(reading: .blocking(count: reader.batch, upTo: reader.longestBlock))
            }
            if hand.isEmpty { hand = try session.collect() }
        }
        // What was read is decided before this host leaves; each batch by what was so when it had come.
        while session.isBusy || !hand.isEmpty || !session.retries.isEmpty {
            try session.process(hand)
            hand = session.isBusy ? try session.collect() : StreamReader.Batch()
        }
    }

    /// Waits for entries, with nothing else in hand.
    private func next(_ session: IntakeSession, _ connection: RedisConnection, _ ready: () -> Void) throws(RedisError)
        -> StreamReader.Batch
    {
        if surroundings.monotonic() >= nextClaim { try keepHouse(session, connection) }
        try session.submit(reading: .blocking(count: reader.batch, upTo: reader.longestBlock))
        let batch = try session.collect()
        if batch.isEmpty { session.refreshIdle() }
        if !session.isCaching { gauges.isCaching.set(0) }
        if status.current != .ready {
            status.set(.ready)
            ready()
        }
        return batch
    }

    /// What is due every `claim_interval`: entries of dead consumers are claimed, the backlog is measured, remnants are
    /// removed.
    private func keepHouse(_ session: IntakeSession, _ connection: RedisConnection) throws(RedisError) {
        var cursor: String? = "0-0"
        while let start = cursor, !control.isStopping {
            let (batch, next) = try reader.claim(connection, idle: configuration.intake.claimAfter, cursor: start)
            session.lacksMark = true
            if !batch.isEmpty {
                metrics.claimed.increment(by: batch.entries.count)
                logger.warning(
                    "claimed entries that another consumer left pending",
                    metadata: ["entries": "\(batch.entries.count)"])
                try processClaimed(batch, session, connection)
            }
            cursor = next
        }
        if let backlog = try group.backlog(connection) { gauges.set(backlog) }
        let now = surroundings.monotonic()
        if now >= nextTidying {
            try group.removeRemnants(connection)
            nextTidying = now &+ Self.tidyingInterval
        }
        if !session.isCaching { startCaching(session, connection) }
        nextClaim = now &+ UInt64(configuration.intake.claimInterval.milliseconds) &* 1_000_000
    }

    /// Where Redis does not tell of changes, the host works without being told: it reads the records anew for every
    /// batch.
    private func startCaching(_ session: IntakeSession, _ connection: RedisConnection) {
        guard configuration.intake.cacheRecords else { return }
        do throws(RedisError) {
            session.startCaching(try InvalidationFeed(commands: connection, connect: surroundings.connect))
            gauges.isCaching.set(1)
        } catch {
            gauges.isCaching.set(0)
            logger.warning(
                "records are read for every batch: Redis does not tell of their changes",
                metadata: ["error": "\(error)"])
        }
    }

    private func committed(_ batch: CommittedBatch) {
        reader.batch = min(reader.batch * 2, configuration.intake.batch)
        status.tick()
        let isExempting = !containment.exemptions.isEmpty
        var newest: EntryID?
        let items = batch.items.span
        for index in items.indices where batch.results[index] != .conflict {
            let id = items[index].decision.id
            if isExempting { containment.exemptions.forget(id, of: post.streamHash) }
            if batch.results[index] != .alreadyDecided { newest = max(newest ?? id, id) }
        }
        // What was read before it and is still to be decided must not be passed over.
        if let newest, batch.oldestOpen.map({ newest < $0 }) ?? true {
            status.withProgress { $0.newest = max($0.newest ?? newest, newest) }
        }
        metrics.record(batch, at: surroundings.wallClock())
        if let failure = batch.failedEvents.first {
            logger.error(
                "events could not be written; their decisions stand",
                metadata: ["first": "\(failure)", "events": "\(batch.failedEvents.count)"])
        }
        if batch.notPending > 0 {
            logger.warning(
                "somebody acknowledged entries that this host was about to decide; the decisions stand",
                metadata: ["entries": "\(batch.notPending)"])
        }
        if batch.foreignAnswers > 0 {
            logger.error(
                "another Governor answered plans while this host was answering them; its answers stand, beside records of both",
                metadata: ["keys": "\(batch.foreignAnswers)"])
        }
        observer?(batch.decisions)
    }
}

/// Told of every batch after its commit, on the intake thread; must be quick.
package typealias DecisionObserver = @Sendable ([CommittedDecision]) -> Void
