/// The number of values in each of a fixed set of buckets.
package final class Histogram: Instrument {
    package static let kind = MetricKind.histogram

    /// Inclusive upper bounds, rising; above the last is the `+Inf` bucket.
    private let bounds: [Double]
    /// One for each bound and one for `+Inf`, not cumulative, so that an observation touches only one.
    private let buckets: [Counter]
    private let sum = AtomicDouble()

    init(bounds: [Double]) {
        self.bounds = bounds
        self.buckets = (0...bounds.count).map { _ in Counter() }
    }

    /// Counts a value in the unit of the metric's name, seconds as a rule. NaN and the infinities are dropped: one of
    /// them would make the sum useless for good.
    package func observe(_ value: Double) {
        guard value.isFinite else { return }
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count].increment()
        sum.add(value)
    }

    /// Counts a duration in a metric whose unit is the second.
    package func observe(_ duration: Duration) {
        observe(duration / .seconds(1))
    }

    package var count: Int {
        buckets.reduce(0) { $0 &+ $1.value }
    }

    package func appendSamples(of name: String, labels: String, to output: inout [UInt8]) {
        // There is no counter beside the buckets: `_count` is their sum as read here, so it equals `+Inf` during
        // updates too.
        var cumulative = 0
        let separator = labels.isEmpty ? "" : ","
        for (bound, bucket) in zip(bounds + [.infinity], buckets) {
            cumulative &+= bucket.value
            // `le` comes last, as in every client library: a reader looks for it there.
            let labels = "\(labels)\(separator)le=\"\(PrometheusText.number(bound))\""
            PrometheusText.appendSample("\(name)_bucket", labels: labels, value: String(cumulative), to: &output)
        }
        PrometheusText.appendSample(
            "\(name)_sum", labels: labels, value: PrometheusText.number(sum.load()), to: &output)
        PrometheusText.appendSample("\(name)_count", labels: labels, value: String(cumulative), to: &output)
    }
}
