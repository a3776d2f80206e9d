import Deployment
import GateAPI
import Logging
import Platform

/// Measures how many intents each gate could not judge lately, and raises the alarm where it is too many.
struct FailOpenWatch {
    private let containment: Containment
    private let metrics: HostMetrics
    private let logger: Logger
    /// What had been counted at each look within the window, oldest first.
    private var counts: [(time: UInt64, gates: [HostMetrics.Judged])] = []
    private var nextLook: UInt64 = 0

    /// Looks in a window; more would say nothing new.
    private static let looksPerWindow: UInt64 = 60

    init(_ containment: Containment, metrics: HostMetrics, logger: Logger) {
        self.containment = containment
        self.metrics = metrics
        self.logger = logger
    }

    mutating func look(at now: UInt64) {
        guard now >= nextLook else { return }
        let window = containment.configuration.alarmWindow.nanoseconds
        nextLook = now &+ max(100_000_000, window / Self.looksPerWindow)
        let current = metrics.judged
        // The newest count that is older than the window is what it is measured against.
        while counts.count > 1, now &- counts[1].time >= window { counts.removeFirst() }
        let base = counts.first?.gates
        counts.append((now, current))
        for (index, gate) in containment.gates.enumerated() {
            let unjudged = current[index].unjudged - (base?[index].unjudged ?? 0)
            let total = current[index].total - (base?[index].total ?? 0)
            guard gate.measure(unjudged: unjudged, of: total, minimum: containment.configuration.alarmMinimum) else {
                continue
            }
            let metadata: Logger.Metadata = [
                "gate": "\(gate.name)", "not_judged": "\(unjudged)", "intents": "\(total)",
                "instead": "\(gate.policy.rawValue)",
            ]
            if gate.isAlarmed {
                logger.critical("gate cannot judge too many intents", metadata: metadata)
            } else {
                logger.notice("gate judges again", metadata: metadata)
            }
        }
    }
}
