package import Logging
import Redis
package import ServiceLifecycle
package import Telemetry

/// One gate host: an intake thread of its own, stopped gracefully with the services around it.
package final class Host: Service {
    private let configuration: HostConfiguration
    private let pipeline: Pipeline
    private let metrics: HostMetrics
    private let observer: DecisionObserver?
    private let logger: Logger
    private let control = IntakeControl()
    package let status = HostStatus()

    /// Throws only where a metric cannot be registered: a registry shared with something that uses the same names.
    package init(
        configuration: HostConfiguration, registry: MetricRegistry, logger: Logger, observer: DecisionObserver? = nil
    ) throws(MetricError) {
        self.configuration = configuration
        pipeline = Pipeline(gates: configuration.gates)
        metrics = try HostMetrics(registry, pipeline: pipeline)
        self.logger = logger
        self.observer = observer
    }

    /// Runs until a graceful shutdown; the batch in flight is committed first.
    package func run() async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await onThread()
        } onCancelOrGracefulShutdown: {
            self.control.stop()
        }
    }

    /// The loop blocks on its socket, so it gets a thread of its own.
    private func onThread() async {
        let identity = HostIdentity(consumer: configuration.intake.consumer)
        logger.info(
            "host starts",
            metadata: [
                "redis": "\(configuration.redis.redactedURL)", "stream": "\(configuration.intake.stream)", "group": "\(configuration.intake.group)",
                "consumer": "\(identity.consumer)", "config_hash": "\(configuration.hash)",
                "gates": "\(configuration.gates.map { "\($0.name)=\($0.mode.rawValue)" }.joined(separator: ","))",
            ])
        await onBlockingThread(named: "intake") { [configuration, pipeline, control, status, metrics, observer, logger] in
            IntakeLoop(
                configuration: configuration, identity: identity, pipeline: pipeline, control: control, status: status, metrics: metrics,
                observer: observer, logger: logger
            ).run()
        }
        logger.info("host stopped")
    }
}
