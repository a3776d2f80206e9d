import Synchronization

/// A value that goes up and down.
package final class Gauge: Instrument {
    package static let kind = MetricKind.gauge

    private let number = AtomicDouble()

    init() {}

    package func set(_ value: Double) {
        number.store(value)
    }

    package func add(_ amount: Double) {
        number.add(amount)
    }

    package var value: Double { number.load() }

    package func appendSamples(of name: String, labels: String, to output: inout [UInt8]) {
        PrometheusText.appendSample(name, labels: labels, value: PrometheusText.number(value), to: &output)
    }
}
