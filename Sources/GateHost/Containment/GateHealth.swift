import Deployment
import GateAPI
import Synchronization
import Platform
import Telemetry

/// What the host knows of one gate's failures, and does about them.
package final class GateHealth: Sendable {
    package let name: String
    package let breaker: GateBreaker
    let deadline: UInt64
    /// Where the crash journal keeps it; `nil` where it has no room.
    let place: Int?
    private let onFailure: FailurePolicy
    private let alarm: FailOpenAlarm
    private let alarmed = Atomic(false)
    private let metrics: GateHealthMetrics

    init(_ slot: GateSlot, place: Int?, limits: ContainmentConfiguration, metrics: GateHealthMetrics) {
        name = slot.name
        breaker = GateBreaker(limits)
        deadline = slot.deadline.nanoseconds
        self.place = place
        onFailure = slot.onFailure
        alarm = slot.alarm
        self.metrics = metrics
    }

    package var isAlarmed: Bool { alarmed.load(ordering: .relaxed) }

    /// What the gate stands for where it cannot judge.
    var policy: FailurePolicy { isAlarmed && alarm.action == .deny ? .deny : onFailure }

    /// Takes what was counted over the alarm's window; returns whether the alarm has gone on or off.
    func measure(unjudged: Int, of total: Int, minimum: Int) -> Bool {
        let share = total >= minimum && (try? Amount(unjudged) >= alarm.share * Amount(total)) ?? false && unjudged > 0
        let count = alarm.count.map { unjudged >= $0 } ?? false
        let isNow = share || count
        metrics.alarm.set(isNow ? 1 : 0)
        return alarmed.exchange(isNow, ordering: .relaxed) != isNow
    }

    /// When the gate crashed or hung last; kept in the journal, so that it survives the restarts that both lead to.
    func noteFault(at time: Timestamp?) { metrics.lastFault.set(time.map { Double($0.milliseconds) / 1_000 } ?? 0) }
    func noteCrash() { metrics.crashes.increment() }
    func noteHang() { metrics.hangs.increment() }
    func noteState() { metrics.breaker.set(Double(breaker.state.rawValue)) }
}

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
                "0: the gate is asked; 1: tried with single intents; 2: not asked for a while; 3: not asked until reset.",
            labels: labels)
        alarm = try registry.gauge(
            "gatehost_gate_alarm",
            help: "1 while the gate could not judge too many intents (alarm_share, alarm_count).", labels: labels)
        lastFault = try registry.gauge(
            "gatehost_gate_last_fault_timestamp_seconds",
            help: "When this gate last crashed or hung; 0: never, as far as is remembered.", labels: labels)
        crashes = try registry.counter(
            "gatehost_gate_crashes_total", help: "Deaths of the process in this gate, found at the start after.",
            labels: labels)
        hangs = try registry.counter(
            "gatehost_gate_hangs_total", help: "Calls of this gate that were given up with their thread.",
            labels: labels)
    }
}
