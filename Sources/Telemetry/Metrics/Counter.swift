import Synchronization

/// A number of events since the process started.
package final class Counter: Instrument {
    package static let kind = MetricKind.counter

    // Relaxed: a counter orders no other memory; it must only lose no increment.
    private let count = Atomic<Int>(0)

    init() {}

    /// Counts `amount` more events. Zero and less are ignored, because a counter never falls.
    package func increment(by amount: Int = 1) {
        guard amount > 0 else { return }
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    package var value: Int { count.load(ordering: .relaxed) }

    package func appendSamples(of name: String, labels: String, to output: inout [UInt8]) {
        PrometheusText.appendSample(name, labels: labels, value: String(value), to: &output)
    }
}
