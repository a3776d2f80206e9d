package import Deployment
import Logging
package import Telemetry

/// One intake by itself, under any name and in any surroundings: what a simulation runs.
package final class DetachedIntake: Sendable {
    private let configuration: HostConfiguration
    private let identity: HostIdentity
    private let pipeline: Pipeline
    private let containment: Containment
    private let metrics: HostMetrics
    private let surroundings: Surroundings
    private let control = IntakeControl()

    /// - Parameters:
    ///   - configuration: names one stream of intents.
    ///   - host: what decision records call this host.
    ///   - consumer: its name in the consumer group.
    ///   - containment: may be shared with others of the same pipeline.
    package init(
        configuration: HostConfiguration, host: String, consumer: String, pipeline: Pipeline, containment: Containment,
        metrics: HostMetrics,
        surroundings: Surroundings
    ) {
        self.configuration = configuration
        identity = HostIdentity(host: host, consumer: consumer)
        self.pipeline = pipeline
        self.containment = containment
        self.metrics = metrics
        self.surroundings = surroundings
    }

    /// Returns when stopped.
    package func run() {
        guard let gauges = metrics.partitions.first,
            let post = containment.watchdog.watch(stream: configuration.intake.stream, onGivenUp: {})
        else { return }
        IntakeLoop(
            post, configuration: configuration, identity: identity, pipeline: pipeline, containment: containment,
            control: control,
            status: IntakeStatus(), metrics: metrics, gauges: gauges, observer: nil,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }, surroundings: surroundings
        ).run()
    }

    package func stop() {
        control.stop()
    }
}
