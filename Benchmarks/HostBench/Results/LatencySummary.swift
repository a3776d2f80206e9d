import Histogram

/// The latencies of one contender at one load. Percentiles are of all rounds together; a spread shows how much the
/// rounds differ.
struct LatencySummary: Codable {
    let contender: String
    let load: String
    /// Plans per second; the lowest of the rounds if the load is a percentage.
    let rate: Int
    let samples: Int
    let p50Microseconds: Double
    let p99Microseconds: Double
    let p999Microseconds: Double
    let maximumMicroseconds: Double
    let p50Rounds: Spread
    let p99Rounds: Spread
    /// The ratio to the first contender, round by round.
    let p50Ratio: Spread
    let p99Ratio: Spread
    let p999Ratio: Spread

    /// Returns `nil` without rounds. `baseline` must have as many rounds.
    init?(_ load: Load, _ rounds: [LatencyRound], baseline: [LatencyRound]) {
        let histograms = rounds.map { Self.histogram($0.latencies) }
        let others = baseline.map { Self.histogram($0.latencies) }
        let all = Self.histogram(rounds.flatMap(\.latencies))
        func spread(_ percentile: Double) -> Spread? { Spread(histograms.map { Self.microseconds($0, percentile) }) }
        func ratio(_ percentile: Double) -> Spread? {
            Spread(
                zip(histograms, others).map {
                    Self.microseconds($0, percentile) / max(0.001, Self.microseconds($1, percentile))
                })
        }
        guard let first = rounds.first, let p50 = spread(50), let p99 = spread(99), let p50Ratio = ratio(50),
            let p99Ratio = ratio(99),
            let p999Ratio = ratio(99.9)
        else { return nil }
        contender = first.contender
        self.load = load.label
        rate = rounds.map(\.rate).min() ?? first.rate
        samples = Int(all.totalCount)
        p50Microseconds = Self.microseconds(all, 50)
        p99Microseconds = Self.microseconds(all, 99)
        p999Microseconds = Self.microseconds(all, 99.9)
        maximumMicroseconds = Double(all.max) / 1_000
        p50Rounds = p50
        p99Rounds = p99
        self.p50Ratio = p50Ratio
        self.p99Ratio = p99Ratio
        self.p999Ratio = p999Ratio
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
