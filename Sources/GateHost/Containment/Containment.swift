package import Deployment
import GateAPI
package import Logging
import Platform
package import Telemetry

/// Keeps a gate's faults away from the other gates and the host: holds gates to their deadlines, stops asking those
/// that fail too often, abandons threads that hang in a gate, and remembers across a crash which gate caused it.
package final class Containment: Sendable {
    /// In pipeline order.
    package let gates: [GateHealth]
    let configuration: ContainmentConfiguration
    let exemptions: Exemptions
    let watchdog: Watchdog
    private let faults: GateFaults
    private let logger: Logger

    package init(
        pipeline: Pipeline, configuration: ContainmentConfiguration, journal: CrashJournal, registry: MetricRegistry,
        logger: Logger
    ) throws(MetricError) {
        self.configuration = configuration
        self.logger = logger
        gates = try Self.gates(of: pipeline, configuration, journal, registry)
        let abandoned = try registry.gauge(
            "gatehost_abandoned_threads", help: "Intake threads that hang in a gate and have been replaced.")
        try registry.gauge(
            "gatehost_crash_journal", help: "1 where crashes are remembered beyond this process, else 0."
        ).set(journal.isDurable ? 1 : 0)
        faults = GateFaults(configuration: configuration, journal: journal, logger: logger)
        exemptions = Exemptions(gates: gates, journal: journal)
        watchdog = Watchdog(gates: gates, exemptions: exemptions, faults: faults, abandoned: abandoned)
        takeUp(journal.recover())
    }

    private static func gates(
        of pipeline: Pipeline, _ limits: ContainmentConfiguration, _ journal: CrashJournal, _ registry: MetricRegistry
    ) throws(MetricError) -> [GateHealth] {
        var taken: Set<Int> = []
        var gates: [GateHealth] = []
        for (index, slot) in pipeline.slots.enumerated() {
            let place = journal.place(of: slot.name, besides: taken)
            if let place { taken.insert(place) }
            let metrics = try GateHealthMetrics(registry, gate: slot.name)
            gates.append(GateHealth(slot, index: index, place: place, limits: limits, metrics: metrics))
        }
        return gates
    }

    /// Restores every gate's health from the journal, and blames the gates in which the last process died.
    private func takeUp(_ deaths: [CrashJournal.Death]) {
        for gate in gates { faults.restore(gate) }
        for death in deaths {
            guard let name = death.gate, let gate = gates.first(where: { $0.name == name }) else {
                logger.critical(
                    "the last process died of a trap outside of the gates", metadata: ["entry": "\(death.entry)"])
                continue
            }
            gate.publishCrash()
            exemptions.add(death.entry, of: death.stream, from: gate, .crash)
            logger.critical(
                "the last process died in a gate; the gate is not asked about that intent again",
                metadata: ["gate": "\(name)", "intent_id": "\(death.entry)"])
            faults.add(to: gate)
        }
    }

    /// Whether only a restart of the process gets rid of threads that hang.
    package var needsRestart: Bool { watchdog.needsRestart }

    /// Asks a gate again and forgets its failures. Returns `false` if there is no such gate.
    package func reset(_ name: String) -> Bool {
        guard let gate = gates.first(where: { $0.name == name }) else { return false }
        faults.reset(gate)
        logger.notice("gate reset: it is asked again", metadata: ["gate": "\(name)"])
        return true
    }

    /// A gate's alarm was raised or has ended.
    func noteAlarm(_ gate: GateHealth) {
        faults.rememberAlarm(of: gate)
    }

    /// Reports that a gate's breaker has opened.
    func noteOpened(_ gate: GateHealth) {
        faults.rememberBreaker(of: gate)
        gate.publishBreaker()
        logger.error(
            "gate fails too often and is not asked for a while",
            metadata: [
                "gate": "\(gate.name)", "pause": "\(configuration.breakerPause.settingText)",
                "instead": "\(gate.policy.rawValue)",
            ])
    }

    /// Reports that a gate's breaker has closed.
    func noteClosed(_ gate: GateHealth) {
        faults.rememberBreaker(of: gate)
        gate.publishBreaker()
        logger.notice("gate works again and is asked as usual", metadata: ["gate": "\(gate.name)"])
    }
}

// MARK: Concerns

extension Containment {
    /// A gate that is not asked as usual, or that leaves too many intents unjudged.
    package struct Concern: Sendable, Equatable {
        package let gate: String
        package let breaker: GateBreaker.State
        package let isAlarmed: Bool
    }

    /// All gates that need an operator's attention.
    package var concerns: [Concern] {
        gates.compactMap { gate in
            let state = gate.breaker.state
            return state == .closed && !gate.isAlarmed
                ? nil : Concern(gate: gate.name, breaker: state, isAlarmed: gate.isAlarmed)
        }
    }
}
