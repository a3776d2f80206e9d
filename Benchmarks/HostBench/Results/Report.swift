import Foundation

/// The results of a run, for printing and for the JSON file.
struct Report: Codable {
    let machine: Machine
    let settings: Settings
    /// The duration of the run.
    var seconds = 0.0
    var throughput: [ThroughputSummary] = []
    var curve: [CurvePoint] = []
    var capacity: [CapacitySummary] = []
    var sweeps: [SweepSummary] = []
    var hosts: [HostsSummary] = []
    var grants: [GrantsSummary] = []
    var allocations: AllocationSummary?
    var soak: SoakRound?

    init(machine: Machine, settings: Settings) {
        self.machine = machine
        self.settings = settings
    }

    /// Writes `bench.json` and `bench.svg`.
    func write(toFolder path: String) throws {
        let folder = URL(filePath: path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: folder.appending(path: "bench.json"))
        try Data(ReportChart(report: self).svg.utf8).write(to: folder.appending(path: "bench.svg"))
    }
}
