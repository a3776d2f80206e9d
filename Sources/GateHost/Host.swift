package import Deployment
package import Logging
import GateAPI
import Redis
import ServiceLifecycle
import Synchronization
package import Platform
package import Telemetry

/// One gate host. Runs its intakes, the reader of reports and the watchdog on threads of their own, and stops
/// gracefully with the services around it.
package final class Host: Service {
    let configuration: HostConfiguration
    private let pipeline: Pipeline
    let metrics: HostMetrics
    private let groupMetrics: GroupMetrics
    private let observer: DecisionObserver?
    let logger: Logger
    private let journal: CrashJournal
    private let serviceManager: ServiceManager?
    private let runtime: HostRuntime
    let stop = StopSignal()
    /// Whether any intake still runs.
    private let hasIntakes = Atomic(true)
    package let status: HostStatus
    package let containment: Containment

    /// - Parameters:
    ///   - journal: where crashes are remembered; by default only in this process.
    ///   - restarts: how often the host has been started again.
    ///   - serviceManager: who is told that the host runs and moves, if anyone.
    ///   - runtime: the connections and clocks of the intakes and of the group's watch.
    ///
    /// Throws only if a metric cannot be registered: another user of the registry has the same names.
    package init(
        configuration: HostConfiguration, registry: MetricRegistry, logger: Logger,
        journal: CrashJournal = CrashJournal(), restarts: Int = 0, observer: DecisionObserver? = nil,
        serviceManager: ServiceManager? = nil, runtime: HostRuntime = .live
    ) throws(MetricError) {
        self.configuration = configuration
        self.journal = journal
        self.logger = logger
        self.observer = observer
        self.serviceManager = serviceManager
        self.runtime = runtime
        let streams = configuration.intake.partitions
        pipeline = Pipeline(
            gates: configuration.gates, expireAfter: configuration.intake.expireAfter.duration,
            reduceOnly: configuration.answers.reduceOnly, onBadPlan: configuration.plans.onBadPlan)
        metrics = try HostMetrics(
            registry, pipeline: pipeline, streams: streams, symbols: configuration.admin.symbols?.names ?? [])
        groupMetrics = try GroupMetrics(registry)
        status = HostStatus(streams: streams)
        containment = try Containment(
            pipeline: pipeline, configuration: configuration.containment, journal: journal, registry: registry,
            logger: logger)
        try LogLosses.process.register("gatehost_log_lines_lost_total", in: registry)
        try registry.gauge(
            "gatehost_restarts", help: "Restarts of the host process since `gatehost run` began."
        ).set(Double(restarts))
    }

    /// Runs until a graceful shutdown; the batch in flight is committed first. Throws ``HostRestart`` if only a new
    /// process gets rid of threads that hang, and ``HostRefusal`` if the host may not start on this Redis.
    package func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            if let refusal = await onBlockingThread(named: "start", { self.refusal() }) { throw refusal }
            await runThreads()
        } onCancelOrGracefulShutdown: {
            self.stop.stop()
        }
        if containment.needsRestart { throw HostRestart() }
    }

    /// Runs every loop on a thread of its own, because the loops block on their sockets.
    private func runThreads() async {
        let context = IntakeContext(
            configuration: configuration,
            identity: HostIdentity(consumer: configuration.intake.consumer, journal: journal), pipeline: pipeline,
            containment: containment, metrics: metrics, logger: logger, observer: observer,
            runtime: runtime)
        logStart(context.identity)
        async let settling: Void = onBlockingThread(named: "reports") { self.readReports(context) }
        async let revoking: Void = onBlockingThread(named: "revocations") { self.watchSwitches(context) }
        async let grouping: Void = onBlockingThread(named: "group") { self.watchGroup(context) }
        async let watching: Void = onBlockingThread(named: "watchdog") { self.watch() }
        await withTaskGroup { intakes in
            for index in configuration.intake.partitions.indices {
                intakes.addTask { await self.serve(partition: index, context) }
            }
        }
        // The intakes end when they are told to stop, or when a thread that hangs cannot be replaced.
        stop.stop()
        hasIntakes.store(false, ordering: .releasing)
        await watching
        await settling
        await revoking
        await grouping
        logger.info("host stopped")
    }

    private func logStart(_ identity: HostIdentity) {
        logger.info(
            "host starts",
            metadata: [
                "redis": "\(configuration.redis.redactedURL)",
                "streams": "\(configuration.intake.partitions.joined(separator: ","))",
                "group": "\(configuration.intake.group)", "consumer": "\(identity.consumer)",
                "config_hash": "\(configuration.hash)",
                "gates": "\(configuration.gates.map { "\($0.name)=\($0.mode.rawValue)" }.joined(separator: ","))",
            ])
    }
}

// MARK: Threads

extension Host {
    /// Serves one partition. A thread that hangs in a gate is abandoned, and the next one takes over.
    private func serve(partition index: Int, _ context: IntakeContext) async {
        repeat {
            await onBlockingThread(named: "intake-\(index)") { leave in
                let stream = self.configuration.intake.partitions[index]
                // Each thread that hangs keeps its call slot. Once none is left, the watchdog restarts the process.
                guard let thread = self.containment.watchdog.watch(stream: stream, onAbandoned: leave) else {
                    return self.stop.wait(.seconds(1))
                }
                IntakeThread(
                    thread, context: context, stop: self.stop, status: self.status.intakes[index],
                    gauges: self.metrics.partitions[index]
                ).run()
            }
        } while !stop.isStopping
    }

    /// Watches the intake threads and the gates' failures.
    private func watch() {
        var alarms = GateAlarms(containment, metrics: metrics, logger: logger)
        var reports = serviceManager.map { ServiceReports($0, status, logger: logger) }
        // It watches until the last intake has ended: an intake that hangs in a gate while the host stops would
        // otherwise keep the host from stopping.
        while hasIntakes.load(ordering: .acquiring) {
            Monotonic.sleep(nanoseconds: Watchdog.interval.nanoseconds)
            let now = Monotonic.nanoseconds()
            containment.watchdog.check(at: now)
            reports?.update(at: now)
            alarms.update(at: now)
            if containment.needsRestart, !stop.isStopping {
                logger.critical("only a restart gets rid of threads that hang; the other threads commit first")
                stop.stop()
            }
        }
    }

    /// Settles the grants of plans that are reported.
    private func readReports(_ context: IntakeContext) {
        guard !pipeline.accounts.isEmpty else { return }
        ReportReader(context: context, status: status, stop: stop).run()
    }

    /// Registers this host, and watches what its group must agree on.
    private func watchGroup(_ context: IntakeContext) {
        GroupWatch(context: context, warnings: status.warnings, metrics: groupMetrics, stop: stop).run()
    }

    /// Takes permits back while a switch says so.
    private func watchSwitches(_ context: IntakeContext) {
        let switches = pipeline.slots.flatMap(\.revoking)
        guard !pipeline.accounts.isEmpty, !switches.isEmpty else { return }
        RevocationWatch(context: context, switches: switches, stop: stop).run()
    }
}

/// Only a new process gets rid of threads that hang, so the host has stopped.
package struct HostRestart: Error {}
