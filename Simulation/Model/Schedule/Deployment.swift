import Deployment
import GateAPI
import GateHost
import Logging
import Telemetry

/// The configuration that all simulated hosts share.
package struct Deployment: Sendable {
    let configuration: HostConfiguration
    let pipeline: Pipeline
    let metrics: HostMetrics
    let containment: Containment

    package init() throws {
        let text = """
            redis: { url: "redis://model" }
            # These deadlines are real time. They are long, so that a busy machine does not change a schedule.
            containment: { decision_deadline: 60s }
            # A gate without its limit then blocks, instead of permitting a close.
            answers: { reduce_only: ignored }
            first_gate: limit
            gates:
              - { gate: limit, mode: enforce, on_failure: deny, deadline: 10s }
            """
        configuration = try HostConfiguration.parse(
            text: text, file: "simulation.yaml", registry: try GateRegistry([LimitGate.self]), environment: [:])
        pipeline = Pipeline(gates: configuration.gates, reduceOnly: configuration.answers.reduceOnly)
        let registry = MetricRegistry()
        metrics = try HostMetrics(registry, pipeline: pipeline, streams: configuration.intake.partitions)
        containment = try Containment(
            pipeline: pipeline, configuration: configuration.containment, journal: CrashJournal(), registry: registry,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
    }
}
