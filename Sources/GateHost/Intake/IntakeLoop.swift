import GateAPI
import Logging
import Redis
import Telemetry

/// The life of the intake thread: connect, take over what is pending, then read, judge and commit until told to stop.
///
/// Whatever goes wrong with the connection or a commit ends the session: the entries stay pending, and the next session begins by taking them up again.
/// A commit whose reply was lost is safe to repeat, because the entries that it decided are no longer pending.
final class IntakeLoop {
    private let configuration: HostConfiguration
    private var reader: StreamReader
    private let group: ConsumerGroup
    private let control: IntakeControl
    private let status: HostStatus
    private let metrics: HostMetrics
    private let observer: DecisionObserver?
    private let logger: Logger
    private var processor: BatchProcessor
    private var nextClaim: UInt64 = 0
    private var nextTidying: UInt64 = 0
    /// The newest entry that this process has been given.
    private var newest: EntryID?

    /// How often remnants of dead consumers are looked for.
    static let tidyingInterval: UInt64 = 300_000_000_000

    init(
        configuration: HostConfiguration, identity: HostIdentity, pipeline: Pipeline, control: IntakeControl, status: HostStatus, metrics: HostMetrics,
        observer: DecisionObserver?, logger: Logger
    ) {
        self.configuration = configuration
        let intake = configuration.intake
        reader = StreamReader(stream: intake.stream, group: intake.group, consumer: identity.consumer, batch: intake.batch)
        group = ConsumerGroup(stream: intake.stream, group: intake.group, consumer: identity.consumer, start: intake.start)
        processor = BatchProcessor(pipeline: pipeline, configuration: configuration, host: identity.host, clock: WallClock.now)
        self.control = control
        self.status = status
        self.metrics = metrics
        self.observer = observer
        self.logger = logger
    }

    /// Returns when stopped; never throws, because there is nothing a caller could do that this does not.
    func run() {
        let sessions = SessionLoop(redis: configuration.redis, control: control) { [self] error, wait in
            // Entries too large to be read together may be small enough one by one.
            if error.code == .outOfMemory || error.code == .timeout { reader.batch = max(1, reader.batch / 2) }
            metrics.sessionsLost.increment()
            status.set(.waiting("redis: \(error)"))
            logger.error(
                "intake interrupted; its entries stay pending", metadata: ["error": "\(error)", "retry_in": "\(wait.milliseconds)ms"])
        }
        sessions.run { (connection, ready) throws(RedisError) in
            try prepare(connection)
            try serve(connection, ready)
            try group.leave(connection)
        }
        status.set(.stopped)
    }

    private func prepare(_ connection: RedisConnection) throws(RedisError) {
        if try group.create(connection, after: newest), newest != nil {
            logger.critical(
                "the consumer group was gone; it goes on after the last entry that this host was given",
                metadata: ["last": "\(newest.map(\.description) ?? "")"])
        }
        try processor.loadScript(connection)
        nextClaim = 0
        var last: EntryID?
        while !control.isStopping {
            let batch = try reader.readPending(connection, after: last)
            guard !batch.isEmpty else { return }
            logger.info("taking up own pending entries", metadata: ["entries": "\(batch.entries.count)"])
            last = max(batch.entries.last?.id ?? Self.first, batch.bodiless.last ?? Self.first)
            try process(batch, connection)
        }
    }

    private static let first = EntryID(milliseconds: 0, sequence: 0)

    /// - Parameter ready: called when a whole round went well, and not before: a session that fails in every first round must not reconnect at full speed.
    private func serve(_ connection: RedisConnection, _ ready: () -> Void) throws(RedisError) {
        while !control.isStopping {
            status.tick()
            if Monotonic.nanoseconds() >= nextClaim { try keepHouse(connection) }
            let batch = try reader.readNew(connection, block: configuration.intake.block)
            if status.current != .ready {
                status.set(.ready)
                ready()
            }
            newest = max(newest ?? Self.first, batch.entries.last?.id ?? Self.first)
            if newest == Self.first { newest = nil }
            if !batch.isEmpty { try process(batch, connection) }
        }
    }

    /// What is due every `claim_interval`: entries of dead consumers are claimed, the backlog is measured, remnants are removed.
    private func keepHouse(_ connection: RedisConnection) throws(RedisError) {
        var cursor: String? = "0-0"
        while let start = cursor, !control.isStopping {
            let (batch, next) = try reader.claim(connection, idle: configuration.intake.claimAfter, cursor: start)
            if !batch.isEmpty {
                metrics.claimed.increment(by: batch.entries.count)
                logger.warning("claimed entries that another consumer left pending", metadata: ["entries": "\(batch.entries.count)"])
                try process(batch, connection)
            }
            cursor = next
        }
        if let backlog = try group.backlog(connection) { metrics.set(backlog) }
        let now = Monotonic.nanoseconds()
        if now >= nextTidying {
            try group.removeRemnants(connection)
            nextTidying = now &+ Self.tidyingInterval
        }
        nextClaim = now &+ UInt64(configuration.intake.claimInterval.milliseconds) &* 1_000_000
    }

    private func process(_ batch: StreamReader.Batch, _ connection: RedisConnection) throws(RedisError) {
        let committed = try processor.process(batch, connection)
        reader.batch = min(reader.batch * 2, configuration.intake.batch)
        status.tick()
        metrics.record(committed, at: WallClock.now())
        if let failure = committed.failedEvents.first {
            logger.error(
                "events could not be written; their decisions stand", metadata: ["first": "\(failure)", "events": "\(committed.failedEvents.count)"])
        }
        observer?(committed.decisions)
    }
}

/// Told of every batch after its commit, on the intake thread; must be quick.
package typealias DecisionObserver = @Sendable ([CommittedDecision]) -> Void
