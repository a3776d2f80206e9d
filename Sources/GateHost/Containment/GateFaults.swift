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

    /// Restores a gate's breaker and metrics from the journal.
    func restore(_ gate: GateHealth) {
        if let place = gate.place {
            if journal.isLatched(place) { gate.breaker.latch() }
            gate.publishLastFault(journal.lastFault(place))
        }
        gate.publishBreaker()
    }

    /// Counts a crash or hang.
    func add(to gate: GateHealth) {
        gate.breaker.failed(at: Monotonic.nanoseconds())
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
