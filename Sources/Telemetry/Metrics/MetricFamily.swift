/// A metric whose first label is open-ended (a symbol); the others come from closed sets. The first `limit` values of
/// the open label get series of their own. All later ones share `other`, so that input cannot make the set of series
/// grow without end.
///
/// The number of labels is part of the type: a call with too few or too many values doesn't compile. There are three at
/// most.
package struct MetricFamily<Value: Instrument, let labelCount: Int>: Sendable {
    let table: SeriesTable<Value>
}

package typealias CounterFamily<let labelCount: Int> = MetricFamily<Counter, labelCount>
package typealias GaugeFamily<let labelCount: Int> = MetricFamily<Gauge, labelCount>

// A look-up hashes the labels and takes a lock. Keep the instrument of a series that is used often.

extension MetricFamily where labelCount == 1 {
    package subscript(_ value: String) -> Value {
        table.instrument(for: LabelValues(first: value))
    }
}

extension MetricFamily where labelCount == 2 {
    package subscript(_ first: String, _ second: String) -> Value {
        table.instrument(for: LabelValues(first: first, second: second))
    }
}

extension MetricFamily where labelCount == 3 {
    package subscript(_ first: String, _ second: String, _ third: String) -> Value {
        table.instrument(for: LabelValues(first: first, second: second, third: third))
    }
}

extension MetricFamily where Value == Counter, labelCount == 1 {
    package func increment(_ value: String, by amount: Int = 1) {
        self[value].increment(by: amount)
    }
}

extension MetricFamily where Value == Counter, labelCount == 2 {
    package func increment(_ first: String, _ second: String, by amount: Int = 1) {
        self[first, second].increment(by: amount)
    }
}

extension MetricFamily where Value == Counter, labelCount == 3 {
    package func increment(_ first: String, _ second: String, _ third: String, by amount: Int = 1) {
        self[first, second, third].increment(by: amount)
    }
}

extension MetricFamily where Value == Gauge, labelCount == 1 {
    package func set(_ value: String, to number: Double) {
        self[value].set(number)
    }
}
