/// A parameter that changes while all others stay, to show how cost grows with it.
enum Sweep: String, Codable, CaseIterable {
    case batch, symbols, gates, processed, pending

    var title: String {
        switch self {
        case .batch: "Batch size"
        case .symbols: "Symbols"
        case .gates: "Gates"
        case .processed: "Entries in the stream before"
        case .pending: "Entries pending with another consumer"
        }
    }

    var values: [Int] {
        switch self {
        case .batch: [1, 8, 32, 128, 512]
        case .symbols: [1, 10, 100, 1_000, 10_000]
        case .gates: [3, 4, 8, 16]
        case .processed: [0, 10_000, 100_000, 500_000]
        case .pending: [0, 10_000, 100_000]
        }
    }

    func scenario(_ value: Int, from base: Scenario) -> Scenario {
        var scenario = base
        switch self {
        case .batch:
            scenario.batch = value
            // Small batches are slow, and need fewer plans for an equally exact rate.
            scenario.plans = max(1_000, base.plans * min(value, 16) / 16)
        case .symbols: scenario.symbols = value
        case .gates: scenario.gates = value
        case .processed: scenario.processedBefore = value
        case .pending: scenario.pendingElsewhere = value
        }
        return scenario
    }
}
