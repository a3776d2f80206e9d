import Deployment
import GateAPI
import Logging
import Platform

/// Counts the intents that each gate could not judge lately, and raises or ends the gates' alarms.
struct GateAlarms {
    private let containment: Containment
    private let metrics: HostMetrics
    private let logger: Logger
    /// The counts of each gate at each update within the window, oldest first.
    private var counts: [(time: UInt64, gates: [HostMetrics.Judged])] = []
    private var nextUpdate: UInt64 = 0

    /// More updates would make the window no more exact.
    private static let updatesPerWindow: UInt64 = 60
    private static let shortestInterval: UInt64 = 100_000_000

    init(_ containment: Containment, metrics: HostMetrics, logger: Logger) {
        self.containment = containment
        self.metrics = metrics
        self.logger = logger
    }

    mutating func update(at now: UInt64) {
        guard now >= nextUpdate else { return }
        let window = containment.configuration.alarmWindow.nanoseconds
        nextUpdate = now &+ max(Self.shortestInterval, window / Self.updatesPerWindow)
        let current = metrics.judged
        // The window begins at the newest count that is at least as old as the window is long.
        while counts.count > 1, now &- counts[1].time >= window { counts.removeFirst() }
        let base = counts.first?.gates
        // An alarm from before a restart stands until this process has seen a whole window.
        let isWhole = counts.first.map { now &- $0.time >= window } ?? false
        counts.append((now, current))
        for (index, gate) in containment.gates.enumerated() {
            let unjudged = current[index].unjudged - (base?[index].unjudged ?? 0)
            let total = current[index].total - (base?[index].total ?? 0)
            let minimum = containment.configuration.alarmMinimum
            guard gate.updateAlarm(unjudged: unjudged, of: total, minimum: minimum, isWhole: isWhole) else { continue }
            containment.noteAlarm(gate)
            log(gate, unjudged, of: total)
        }
    }

    private func log(_ gate: GateHealth, _ unjudged: Int, of total: Int) {
        let metadata: Logger.Metadata = [
            "gate": "\(gate.name)", "not_judged": "\(unjudged)", "intents": "\(total)",
            "instead": "\(gate.policy.rawValue)",
        ]
        if gate.isAlarmed {
            logger.critical("gate leaves too many intents unjudged", metadata: metadata)
        } else {
            logger.notice("gate judges again", metadata: metadata)
        }
    }
}
