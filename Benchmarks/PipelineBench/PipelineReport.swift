import Foundation

/// The results of a run, for printing and for the JSON file. Times are in nanoseconds.
struct PipelineReport: Codable {
    let processor: String
    let loadBefore: Double
    let samples: Int
    /// Pipelines of 1, 2, 4, 8 and 16 gates (budget, heat, then small ones), without clock reads.
    let pipelines: [DecisionCost]
    /// The same with a clock read before and after each gate, and with containment of the gates' faults.
    let timed: [DecisionCost]
    /// The cost of a further small gate.
    let smallGate: GateSlope
    /// Pipelines of 0 to 32 gates that pass at once.
    let passing: [DecisionCost]
    /// The cost of calling a gate, its part of the decision included.
    let dispatch: GateSlope
    /// Each gate in a pipeline of its own; the first pipeline has none.
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
