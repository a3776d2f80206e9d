import Histogram

/// The cost of one decision; times in nanoseconds, over all samples.
struct DecisionCost: Codable {
    let name: String
    let gates: Int
    let median: Double
    let percentile5: Double
    let percentile95: Double
    let allocations: Double
    let allocatedBytes: Double

    var decisionsPerSecond: Double { 1_000_000_000 / median }

    init(_ contender: Contender, _ picoseconds: Histogram<UInt32>, _ allocated: (count: Double, bytes: Double)) {
        func nanoseconds(_ percentile: Double) -> Double { Double(picoseconds.valueAtPercentile(percentile)) / 1_000 }
        name = contender.name
        gates = contender.gates
        median = nanoseconds(50)
        percentile5 = nanoseconds(5)
        percentile95 = nanoseconds(95)
        allocations = allocated.count
        allocatedBytes = allocated.bytes
    }
}

/// The cost of each further gate: the least-squares line through the medians of pipelines of different lengths.
struct GateSlope: Codable {
    let nanoseconds: Double
    let allocations: Double

    init(_ costs: [DecisionCost]) {
        let gates = costs.map { Double($0.gates) }
        nanoseconds = Self.slope(gates, costs.map(\.median))
        allocations = Self.slope(gates, costs.map(\.allocations))
    }

    private static func slope(_ x: [Double], _ y: [Double]) -> Double {
        let count = Double(x.count)
        let meanX = x.reduce(0, +) / count
        let meanY = y.reduce(0, +) / count
        let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
        guard spread > 0 else { return 0 }
        return zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    }
}
