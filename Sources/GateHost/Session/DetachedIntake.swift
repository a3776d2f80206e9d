package import Deployment
import Logging
import Platform
import Telemetry

/// One intake thread by itself, in any surroundings: the simulation runs hosts of these.
package final class DetachedIntake: Sendable {
    private let context: IntakeContext
    private let stopSignal = StopSignal()

    /// - Parameters:
    ///   - configuration: names one stream of plans.
    ///   - containment: may be shared with other intakes of the same pipeline.
    package init(
        configuration: HostConfiguration, identity: HostIdentity, pipeline: Pipeline, containment: Containment,
        metrics: HostMetrics, runtime: HostRuntime
    ) {
        context = IntakeContext(
            configuration: configuration, identity: identity, pipeline: pipeline, containment: containment,
            metrics: metrics, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }, runtime: runtime)
    }

    /// Returns when it is stopped.
    package func run() {
        guard let gauges = context.metrics.partitions.first,
            let thread = context.containment.watchdog.watch(
                stream: context.configuration.intake.stream, onAbandoned: {})
        else { return }
        IntakeThread(thread, context: context, stop: stopSignal, status: IntakeStatus(), gauges: gauges).run()
    }

    package func stop() {
        stopSignal.stop()
    }
}
