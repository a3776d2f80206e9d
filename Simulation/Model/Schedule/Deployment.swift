import GateAPI
import GateHost
import Telemetry

/// What all simulated hosts have in common.
package struct Deployment: Sendable {
    let configuration: HostConfiguration
    let pipeline: Pipeline
    let metrics: HostMetrics

    package init() throws {
        let text = """
            redis: { url: "redis://model" }
            first_gate: limit
            gates:
              - { gate: limit, mode: enforce, on_failure: deny }
            """
        configuration = try HostConfiguration.parse(
            text: text, file: "simulation.yaml", registry: try GateRegistry([LimitGate.self]), environment: [:])
        pipeline = Pipeline(gates: configuration.gates)
        metrics = try HostMetrics(MetricRegistry(), pipeline: pipeline, streams: configuration.intake.partitions)
    }
}
