import Deployment
import GateAPI
import Logging
import Platform
import TradingState

/// Counts the crashes and hangs of gates. Enough of them put a gate into quarantine: its breaker latches.
struct GateFaults: Sendable {
    let configuration: ContainmentConfiguration
    let journal: CrashJournal
    let logger: Logger

    /// Restores a gate's breaker, alarm and metrics from the journal.
    func restore(_ gate: GateHealth) {
        if let place = gate.place {
            if journal.isLatched(place) {
                gate.breaker.latch()
            } else if let end = journal.breakerPauseEnd(place) {
                let rest = max(0, end.milliseconds - WallClock.now().milliseconds)
                gate.breaker.reopen(
                    pause: UInt64(rest).multipliedReportingOverflow(by: 1_000_000).partialValue,
                    at: Monotonic.nanoseconds())
            }
            if journal.isAlarmed(place) { gate.restoreAlarm() }
            gate.publishLastFault(journal.lastFault(place))
        }
        gate.publishBreaker()
    }

    /// Remembers the breaker of a gate beyond a restart.
    func rememberBreaker(of gate: GateHealth) {
        guard let place = gate.place else { return }
        let end = gate.breaker.pause(at: Monotonic.nanoseconds()).map { rest in
            Timestamp(milliseconds: WallClock.now().milliseconds + Int64(rest / 1_000_000))
        }
        journal.setBreakerPauseEnd(end, place)
    }

    /// Remembers the alarm of a gate beyond a restart.
    func rememberAlarm(of gate: GateHealth) {
        if let place = gate.place { journal.setAlarm(gate.isAlarmed, place) }
    }

    /// Counts a crash or hang.
    func add(to gate: GateHealth) {
        if gate.breaker.failed(at: Monotonic.nanoseconds()) { rememberBreaker(of: gate) }
        guard let place = gate.place else { return gate.publishBreaker() }
        let count = journal.addFault(place, at: WallClock.now(), window: configuration.crashWindow)
        gate.publishLastFault(journal.lastFault(place))
        if count >= configuration.crashLimit {
            journal.latch(place)
            gate.breaker.latch()
            logger.critical(
                "gate has crashed or hung too often and is not asked until it is reset",
                metadata: [
                    "gate": "\(gate.name)", "times": "\(count)", "instead": "\(gate.policy.rawValue)",
                    "reset": "POST /gates/\(gate.name)/reset",
                ])
        }
        gate.publishBreaker()
    }

    /// Forgets a gate's crashes and hangs and closes its breaker.
    func reset(_ gate: GateHealth) {
        if let place = gate.place { journal.reset(place) }
        gate.breaker.reset()
        gate.publishLastFault(nil)
        gate.publishBreaker()
    }
}
