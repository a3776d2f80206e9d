import Foundation

/// What a run found, as printed and as written to the JSON file.
struct Report: Codable {
    let machine: Machine
    let settings: Settings
    let throughput: [ThroughputSummary]
    let latency: [LatencySummary]

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}
