/// The word after `# TYPE name`.
package enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// One time series, or the set of them that makes a histogram. Any thread updates it without a lock or an allocation.
package protocol Instrument: AnyObject, Sendable {
    static var kind: MetricKind { get }

    /// `labels`: escaped and sorted, without braces; empty when there are none.
    func appendSamples(of name: String, labels: String, to output: inout [UInt8])
}
