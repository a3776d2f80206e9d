/// The word after `# TYPE name`.
package enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// One time series (a histogram: one set of them), updated from any thread without a lock and without allocation.
package protocol Instrument: AnyObject, Sendable {
    static var kind: MetricKind { get }

    /// `labels`: escaped and sorted, without braces; empty when there are none.
    func appendSamples(of name: String, labels: String, to output: inout [UInt8])
}
