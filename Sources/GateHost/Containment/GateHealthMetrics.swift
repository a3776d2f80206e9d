import GateAPI
import Telemetry

/// The instruments of one gate's failures.
struct GateHealthMetrics: Sendable {
    let breaker: Gauge
    let alarm: Gauge
    let lastFault: Gauge
    let crashes: Counter
    let hangs: Counter

    init(_ registry: MetricRegistry, gate: String) throws(MetricError) {
        let labels = [("gate", gate)]
        breaker = try registry.gauge(
            "gatehost_gate_breaker_state",
            help:
                "0: the gate is asked; 1: tried with single intents; 2: not asked for a while; "
                + "3: not asked until reset.",
            labels: labels)
        alarm = try registry.gauge(
            "gatehost_gate_alarm",
            help: "1 while the gate leaves too many intents unjudged (alarm_share, alarm_count).", labels: labels)
        lastFault = try registry.gauge(
            "gatehost_gate_last_fault_timestamp_seconds",
            help: "When this gate last crashed or hung; 0: never, as far as is remembered.", labels: labels)
        crashes = try registry.counter(
            "gatehost_gate_crashes_total", help: "Deaths of the process in this gate, found at the start after.",
            labels: labels)
        hangs = try registry.counter(
            "gatehost_gate_hangs_total", help: "Calls of this gate that were abandoned with their thread.",
            labels: labels)
    }
}
