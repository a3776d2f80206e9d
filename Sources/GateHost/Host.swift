package import Deployment
package import Logging
import GateAPI
import Redis
import ServiceLifecycle
import Synchronization
import Platform
package import Telemetry

/// One gate host: threads of its own for intake and reservations, stopped gracefully with the services around it.
package final class Host: Service {
    private let configuration: HostConfiguration
    private let pipeline: Pipeline
    private let metrics: HostMetrics
    private let observer: DecisionObserver?
    private let logger: Logger
    private let journal: CrashJournal
    private let control = StopSignal()
    private let hasWork = Atomic(true)
    package let status: HostStatus
    package let containment: Containment

    /// - Parameters:
    ///   - journal: where crashes are remembered; by default nowhere but in this process.
    ///   - restarts: how often the host has been started again.
    ///
    /// Throws only where a metric cannot be registered: a registry shared with something that uses the same names.
    package init(
        configuration: HostConfiguration, registry: MetricRegistry, logger: Logger,
        journal: CrashJournal = CrashJournal(),
        restarts: Int = 0, observer: DecisionObserver? = nil
    ) throws(MetricError) {
        self.configuration = configuration
        pipeline = Pipeline(gates: configuration.gates, expireAfter: configuration.intake.expireAfter)
        metrics = try HostMetrics(registry, pipeline: pipeline, streams: configuration.intake.partitions)
        status = HostStatus(partitions: configuration.intake.partitions.count)
        containment = try Containment(
            pipeline: pipeline, configuration: configuration.containment, journal: journal, registry: registry,
            logger: logger)
        try registry.gauge(
            "gatehost_restarts", help: "How often the host has been started again since `gatehost run` was."
        ).set(Double(restarts))
        self.journal = journal
        self.logger = logger
        self.observer = observer
    }

    /// Runs until a graceful shutdown; the batch in flight is committed first. Throws ``HostRestart`` where the process
    /// must be replaced to get rid of threads that hang.
    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await onThreads()
        } onCancelOrGracefulShutdown: {
            self.control.stop()
        }
        if containment.needsRestart { throw HostRestart() }
    }

    /// The loops block on their sockets, so each gets a thread of its own.
    private func onThreads() async {
        let identity = HostIdentity(consumer: configuration.intake.consumer, journal: journal)
        logger.info(
            "host starts",
            metadata: [
                "redis": "\(configuration.redis.redactedURL)",
                "streams": "\(configuration.intake.partitions.joined(separator: ","))",
                "group": "\(configuration.intake.group)", "consumer": "\(identity.consumer)",
                "config_hash": "\(configuration.hash)",
                "gates": "\(configuration.gates.map { "\($0.name)=\($0.mode.rawValue)" }.joined(separator: ","))",
            ])
        let context = IntakeContext(
            configuration: configuration, identity: identity, pipeline: pipeline, containment: containment,
            metrics: metrics, logger: logger, observer: observer)
        let records = Self.reservationRecords(configuration.gates)
        async let releasing: Void = onBlockingThread(named: "reservations") {
            [control] in
            guard !records.isEmpty else { return }
            ReservationReleaser(context: context, records: records, stop: control).run()
        }
        async let watching: Void = onBlockingThread(named: "watchdog") { self.watch() }
        await withTaskGroup { intakes in
            for index in configuration.intake.partitions.indices {
                intakes.addTask { await self.work(off: index, context) }
            }
        }
        // Intakes end when they are told to, or when none can be kept running.
        control.stop()
        hasWork.store(false, ordering: .releasing)
        await watching
        await releasing
        logger.info("host stopped")
    }

    /// Works off one partition, on one thread after another if need be: a thread that hangs in a gate is left where it
    /// is.
    private func work(off index: Int, _ context: IntakeContext) async {
        repeat {
            await onBlockingThread(named: "intake-\(index)") { leave in
                let stream = self.configuration.intake.partitions[index]
                // Each thread that hangs keeps a place; that all are taken ends with the restart of the process.
                guard let post = self.containment.makePost(stream: stream, onGivenUp: leave) else {
                    return self.control.wait(.seconds(1))
                }
                IntakeThread(
                    post, context: context, stop: self.control, status: self.status.intakes[index],
                    gauges: self.metrics.partitions[index]
                ).run()
            }
        } while !control.isStopping
    }

    /// Looks at the intake threads, and at how much the gates fail.
    private func watch() {
        var failures = FailOpenWatch(containment, metrics: metrics, logger: logger)
        // Until the last intake has ended: one that hangs in a gate when the host is told to stop would keep it from
        // stopping.
        while hasWork.load(ordering: .acquiring) {
            Monotonic.sleep(nanoseconds: Containment.lookInterval.nanoseconds)
            let now = Monotonic.nanoseconds()
            containment.look(at: now)
            failures.look(at: now)
            if containment.needsRestart, !control.isStopping {
                logger.critical("threads hang that only a restart gets rid of; the rest is committed first")
                control.stop()
            }
        }
    }

    /// The pools in which the gates reserve, each once.
    private static func reservationRecords(_ gates: [ConfiguredGate]) -> [any ReservationRecord.Type] {
        var seen: Set<ObjectIdentifier> = []
        return gates.filter { $0.mode != .off }.flatMap { type(of: $0.gate).records }.compactMap {
            $0 as? any ReservationRecord.Type
        }
        .filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
}

/// The host has stopped because its process must be replaced.
package struct HostRestart: Error {}
