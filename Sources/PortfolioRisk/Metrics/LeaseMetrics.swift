package import Telemetry

/// The instruments of the lease, and of instances and writers that disagree.
package struct LeaseMetrics: Sendable {
    private let held: Gauge
    private let epoch: Gauge
    private let cycleAge: Gauge
    private let overdue: Gauge
    private let failed: Gauge
    private let disagreements: [Disagreement: Gauge]

    /// The raw values are metric labels.
    enum Disagreement: String, CaseIterable, Sendable {
        /// Writers of `quantum:state:portfolio`.
        case stateWriters = "state_writers"
        /// `P28_MODE` of this instance and of the one that decided the mode.
        case modeSettings = "mode_settings"
    }

    package init(_ registry: MetricRegistry) throws(MetricError) {
        held = try registry.gauge(
            "p28_lease_held", help: "1 if this instance writes the budgets, 0 while it stands by.")
        epoch = try registry.gauge("p28_lease_epoch", help: "Number of the lease's term; it rises with every takeover.")
        cycleAge = try registry.gauge(
            "p28_last_cycle_age_seconds",
            help: "Age of the last cycle of whichever instance writes; NaN if there never was one.")
        overdue = try registry.gauge("p28_cycle_overdue", help: "1 if the last cycle is too old.")
        failed = try registry.gauge("p28_lease_unknown", help: "1 while the lease cannot be read in Redis.")
        var disagreements: [Disagreement: Gauge] = [:]
        for kind in Disagreement.allCases {
            disagreements[kind] = try registry.gauge(
                "p28_disagreement", help: "1 while instances or writers disagree.", labels: [("about", kind.rawValue)])
        }
        self.disagreements = disagreements
    }

    func record(_ snapshot: LeaseControl.Snapshot) {
        held.set(snapshot.reading?.isOwn == true ? 1 : 0)
        epoch.set(Double(snapshot.reading?.term.epoch ?? 0))
        cycleAge.set(snapshot.cycleAge.map { $0 / .seconds(1) } ?? .nan)
        overdue.set(snapshot.isCycleOverdue ? 1 : 0)
        failed.set(snapshot.failure == nil ? 0 : 1)
    }

    func record(_ kind: Disagreement, _ isPresent: Bool) {
        disagreements[kind]?.set(isPresent ? 1 : 0)
    }
}
