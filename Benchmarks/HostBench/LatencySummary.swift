import Histogram

/// The latencies of one contender at one rate. Percentiles are of all rounds together; the spread tells how much the rounds differ.
struct LatencySummary: Codable {
    let contender: String
    let rate: Int
    let samples: Int
    let p50Microseconds: Double
    let p99Microseconds: Double
    let p999Microseconds: Double
    let maximumMicroseconds: Double
    let p50Rounds: Spread
    let p99Rounds: Spread

    /// `nil` without rounds.
    init?(contender: String, rate: Int, rounds: [LatencyRound]) {
        let histograms = rounds.map { Self.histogram($0.latencies) }
        let all = Self.histogram(rounds.flatMap(\.latencies))
        guard let p50 = Spread(histograms.map { Self.microseconds($0, 50) }), let p99 = Spread(histograms.map { Self.microseconds($0, 99) }) else { return nil }
        self.contender = contender
        self.rate = rate
        samples = Int(all.totalCount)
        p50Microseconds = Self.microseconds(all, 50)
        p99Microseconds = Self.microseconds(all, 99)
        p999Microseconds = Self.microseconds(all, 99.9)
        maximumMicroseconds = Double(all.max) / 1_000
        p50Rounds = p50
        p99Rounds = p99
    }

    private static func histogram(_ latencies: [UInt64]) -> Histogram<UInt64> {
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        for latency in latencies { histogram.record(latency) }
        return histogram
    }

    private static func microseconds(_ histogram: Histogram<UInt64>, _ percentile: Double) -> Double {
        Double(histogram.valueAtPercentile(percentile)) / 1_000
    }
}
