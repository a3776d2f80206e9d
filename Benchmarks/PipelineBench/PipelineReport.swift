import Foundation

/// What a run found, as printed and as written to the JSON file. Times in nanoseconds.
struct PipelineReport: Codable {
    let processor: String
    let loadBefore: Double
    let samples: Int
    /// Budget, heat, then small gates: 1, 2, 4, 8 and 16 of them, with no clock read.
    let pipelines: [DecisionCost]
    /// The same with a clock read before and after each gate, and with what contains the gates' faults.
    let timed: [DecisionCost]
    /// What a small gate adds to a pipeline.
    let smallGate: GateSlope
    /// Gates that pass at once: 0 to 32 of them.
    let passing: [DecisionCost]
    /// What asking a gate costs, its record in the decision included.
    let dispatch: GateSlope
    /// Each gate in a pipeline of its own; the first has none.
    let alone: [DecisionCost]
    let endurance: Endurance?

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}

extension PipelineReport {
    static func processorName() -> String {
        let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }
        return model?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "unknown"
    }

    static func load() -> Double {
        var loads = [0.0]
        return getloadavg(&loads, 1) == 1 ? loads[0] : 0
    }
}
