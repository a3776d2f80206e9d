package import Logging
import GateAPI
import Redis
package import ServiceLifecycle
package import Telemetry

/// One gate host: threads of its own for intake and reservations, stopped gracefully with the services around it.
package final class Host: Service {
    private let configuration: HostConfiguration
    private let pipeline: Pipeline
    private let metrics: HostMetrics
    private let observer: DecisionObserver?
    private let logger: Logger
    private let control = IntakeControl()
    package let status: HostStatus

    /// Throws only where a metric cannot be registered: a registry shared with something that uses the same names.
    package init(
        configuration: HostConfiguration, registry: MetricRegistry, logger: Logger, observer: DecisionObserver? = nil
    ) throws(MetricError) {
        self.configuration = configuration
        pipeline = Pipeline(gates: configuration.gates, expireAfter: configuration.intake.expireAfter)
        metrics = try HostMetrics(registry, pipeline: pipeline, streams: configuration.intake.partitions)
        status = HostStatus(partitions: configuration.intake.partitions.count)
        self.logger = logger
        self.observer = observer
    }

    /// Runs until a graceful shutdown; the batch in flight is committed first.
    package func run() async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await onThreads()
        } onCancelOrGracefulShutdown: {
            self.control.stop()
        }
    }

    /// The loops block on their sockets, so each gets a thread of its own.
    private func onThreads() async {
        let identity = HostIdentity(consumer: configuration.intake.consumer)
        logger.info(
            "host starts",
            metadata: [
                "redis": "\(configuration.redis.redactedURL)", "streams": "\(configuration.intake.partitions.joined(separator: ","))",
                "group": "\(configuration.intake.group)", "consumer": "\(identity.consumer)", "config_hash": "\(configuration.hash)",
                "gates": "\(configuration.gates.map { "\($0.name)=\($0.mode.rawValue)" }.joined(separator: ","))",
            ])
        let records = Self.reservationRecords(configuration.gates)
        async let releasing: Void = onBlockingThread(named: "reservations") { [configuration, control, metrics, logger] in
            guard !records.isEmpty else { return }
            ReservationReleaser(
                configuration: configuration, identity: identity, records: records, control: control, metrics: metrics, logger: logger
            ).run()
        }
        await withTaskGroup { intakes in
            for (index, stream) in configuration.intake.partitions.enumerated() {
                intakes.addTask { [configuration, pipeline, control, status, metrics, observer, logger] in
                    await onBlockingThread(named: "intake-\(index)") {
                        IntakeLoop(
                            stream: stream, configuration: configuration, identity: identity, pipeline: pipeline, control: control,
                            status: status.intakes[index], metrics: metrics, gauges: metrics.partitions[index], observer: observer, logger: logger
                        ).run()
                    }
                }
            }
        }
        await releasing
        logger.info("host stopped")
    }
    /// The pools in which the gates reserve, each once.
    private static func reservationRecords(_ gates: [ConfiguredGate]) -> [any ReservationRecord.Type] {
        var seen: Set<ObjectIdentifier> = []
        return gates.filter { $0.mode != .off }.flatMap { type(of: $0.gate).records }.compactMap { $0 as? any ReservationRecord.Type }
            .filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
}
