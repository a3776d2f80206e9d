/// A metric that cannot be registered: a mistake in the program, found at its start and not at a scrape.
package enum MetricError: Error, Equatable, Sendable {
    case invalidName(String)
    case invalidLabelName(String, metric: String)
    case duplicateLabelName(String, metric: String)
    case invalidBuckets(metric: String)
    /// The name is registered already, with another `aspect`.
    case registeredDifferently(metric: String, aspect: MetricShape.Aspect)
    /// A line of this metric would carry a name that belongs to another one: `x_count` beside the histogram `x`.
    case sampleNameTaken(String, metric: String, owner: String)
}

extension MetricError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidName(let name):
            "metric '\(name)': not a metric name ([a-zA-Z_:][a-zA-Z0-9_:]*)"
        case .invalidLabelName(let label, let metric):
            """
            metric '\(metric)': '\(label)' is not a label name for it ([a-zA-Z_][a-zA-Z0-9_]*, not starting with \
            '__', not 'le' on a histogram)
            """
        case .duplicateLabelName(let label, let metric):
            "metric '\(metric)': label '\(label)' is given twice"
        case .invalidBuckets(let metric):
            "metric '\(metric)': bucket bounds must be finite and rising, and there must be one at least"
        case .registeredDifferently(let metric, let aspect):
            "metric '\(metric)': already registered with \(aspect.rawValue)"
        case .sampleNameTaken(let name, let metric, let owner):
            "metric '\(metric)': its sample name '\(name)' belongs to metric '\(owner)'"
        }
    }
}
