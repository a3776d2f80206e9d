import Histogram

/// Latencies in microseconds.
struct Percentiles: Codable {
    let samples: Int
    let p50Microseconds: Double
    let p99Microseconds: Double
    let p999Microseconds: Double
    let maximumMicroseconds: Double

    /// - Parameter latencies: in nanoseconds.
    init(_ latencies: [UInt64]) {
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        for latency in latencies { histogram.record(latency) }
        func microseconds(_ percentile: Double) -> Double { Double(histogram.valueAtPercentile(percentile)) / 1_000 }
        samples = latencies.count
        p50Microseconds = microseconds(50)
        p99Microseconds = microseconds(99)
        p999Microseconds = microseconds(99.9)
        maximumMicroseconds = Double(histogram.max) / 1_000
    }
}
