/// A metric name in the registry: its shape and its series.
struct RegisteredFamily: Sendable {
    enum Store: Sendable {
        /// By label text.
        case closed([String: any Instrument])
        case open(any SeriesSource)
    }

    let shape: MetricShape
    private(set) var store: Store

    init(shape: MetricShape, store: Store) {
        self.shape = shape
        self.store = store
    }

    mutating func instrument<Value: Instrument>(labels: String, make: () -> Value) throws(MetricError) -> Value {
        guard case .closed(var series) = store else { throw .registeredDifferently(metric: shape.name, aspect: .limit) }
        guard let known = series[labels] else {
            let new = make()
            series[labels] = new
            store = .closed(series)
            return new
        }
        guard let known = known as? Value else { throw .registeredDifferently(metric: shape.name, aspect: .kind) }
        return known
    }

    func table<Value: Instrument>() throws(MetricError) -> SeriesTable<Value> {
        guard case .open(let source) = store else { throw .registeredDifferently(metric: shape.name, aspect: .limit) }
        guard let table = source as? SeriesTable<Value> else {
            throw .registeredDifferently(metric: shape.name, aspect: .kind)
        }
        return table
    }

    func append(to output: inout [UInt8]) {
        PrometheusText.appendHeader(of: shape, to: &output)
        let series: [(labels: String, instrument: any Instrument)] =
            switch store {
            case .closed(let known): known.map { ($0.key, $0.value) }
            case .open(let source): source.series
            }
        for (labels, instrument) in series.sorted(by: { $0.labels < $1.labels }) {
            instrument.appendSamples(of: shape.name, labels: labels, to: &output)
        }
    }
}
