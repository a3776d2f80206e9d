import Deployment
import GateAPI
import Platform
import Synchronization
import Telemetry

/// The health of one gate: its breaker, its alarm and its metrics.
package final class GateHealth: Sendable {
    package let name: String
    package let breaker: GateBreaker
    let deadline: UInt64
    /// The gate's place in the crash journal; `nil` if the journal has no room.
    let place: Int?
    /// The place by which call slots note the gate. A gate without a place in the journal has a number beyond all of
    /// the journal's places.
    let callPlace: Int
    private let onFailure: FailurePolicy
    private let alarm: FailOpenAlarm
    private let alarmed = Atomic(false)
    private let metrics: GateHealthMetrics

    private static let firstCallPlaceOutside = 2 * JournalLayout.gateCapacity

    /// - Parameter index: the gate's index in the pipeline.
    init(_ slot: GateSlot, index: Int, place: Int?, limits: ContainmentConfiguration, metrics: GateHealthMetrics) {
        name = slot.name
        breaker = GateBreaker(limits)
        deadline = slot.deadline.nanoseconds
        self.place = place
        callPlace = place ?? Self.firstCallPlaceOutside + index
        onFailure = slot.onFailure
        alarm = slot.alarm
        self.metrics = metrics
    }

    package var isAlarmed: Bool { alarmed.load(ordering: .relaxed) }

    /// The policy for an intent that the gate cannot judge. An alarm may turn it to `deny`.
    var policy: FailurePolicy { isAlarmed && alarm.action == .deny ? .deny : onFailure }

    /// Sets the alarm by the counts of the alarm's window. Returns whether the alarm has changed.
    ///
    /// - Parameter isWhole: whether the counts are of a whole window. Until then the alarm is not ended.
    func updateAlarm(unjudged: Int, of total: Int, minimum: Int, isWhole: Bool) -> Bool {
        let share = total >= minimum && (try? Amount(unjudged) >= alarm.share * Amount(total)) ?? false && unjudged > 0
        let count = alarm.count.map { unjudged >= $0 } ?? false
        let isNow = share || count || (isAlarmed && !isWhole)
        metrics.alarm.set(isNow ? 1 : 0)
        return alarmed.exchange(isNow, ordering: .relaxed) != isNow
    }

    /// Raises the alarm that was raised before a restart.
    func restoreAlarm() {
        alarmed.store(true, ordering: .relaxed)
        metrics.alarm.set(1)
    }

    func publishCrash() { metrics.crashes.increment() }

    func publishHang() { metrics.hangs.increment() }

    /// Publishes when the gate last crashed or hung. Both end in a restart, so the journal keeps the time.
    func publishLastFault(_ time: Timestamp?) {
        metrics.lastFault.set(time.map { Double($0.milliseconds) / 1_000 } ?? 0)
    }

    func publishBreaker() { metrics.breaker.set(Double(breaker.state.rawValue)) }
}
