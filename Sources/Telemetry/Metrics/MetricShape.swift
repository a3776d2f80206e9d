/// The properties that all series of a metric name share. A second registration of the name must repeat them.
package struct MetricShape: Equatable, Sendable {
    package enum Aspect: String, Sendable {
        case kind = "another type"
        case help = "another help text"
        case labelNames = "other label names"
        case buckets = "other buckets"
        case limit = "another limit"
    }

    let name: String
    let kind: MetricKind
    let help: String
    let labelNames: [String]
    /// Histograms only.
    let buckets: [Double]
    /// The number of values that the open-ended label may take; `nil`: every series is registered on its own.
    let limit: Int?

    init(
        _ name: String, _ kind: MetricKind, help: String, labelNames: [String], buckets: [Double] = [],
        limit: Int? = nil
    ) throws(MetricError) {
        guard PrometheusText.isMetricName(name) else { throw .invalidName(name) }
        var seen: Set<String> = []
        for label in labelNames {
            guard PrometheusText.isLabelName(label), kind != .histogram || label != "le" else {
                throw .invalidLabelName(label, metric: name)
            }
            guard seen.insert(label).inserted else { throw .duplicateLabelName(label, metric: name) }
        }
        if kind == .histogram {
            let rising = zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }
            guard rising, !buckets.isEmpty, buckets.allSatisfy(\.isFinite) else { throw .invalidBuckets(metric: name) }
        }
        self.name = name
        self.kind = kind
        self.help = help
        self.labelNames = labelNames
        self.buckets = buckets
        self.limit = limit
    }

    /// The sample names that lines of this metric may have.
    var sampleNames: [String] {
        kind == .histogram ? [name, "\(name)_bucket", "\(name)_count", "\(name)_sum"] : [name]
    }

    func difference(from other: MetricShape) -> Aspect? {
        if kind != other.kind { return .kind }
        if help != other.help { return .help }
        if labelNames != other.labelNames { return .labelNames }
        if buckets != other.buckets { return .buckets }
        return limit != other.limit ? .limit : nil
    }
}
