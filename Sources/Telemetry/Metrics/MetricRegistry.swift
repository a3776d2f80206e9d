import Synchronization

/// A source of series for the exposition.
protocol SeriesSource: Sendable {
    var series: [(labels: String, instrument: any Instrument)] { get }
}

/// The metrics of one process. Its users ask for each instrument once, at start, and keep it; only that and scrapes
/// take the registry's lock.
package final class MetricRegistry: Sendable {
    private struct State {
        var families: [String: RegisteredFamily] = [:]
        /// The metric that owns each sample name.
        var owners: [String: String] = [:]
        var hooks: [@Sendable () -> Void] = []

        /// The family of this name. Throws if it has another shape; makes one if the name is free.
        mutating func family(_ shape: MetricShape, orNew make: () -> RegisteredFamily) throws(MetricError)
            -> RegisteredFamily
        {
            if let known = families[shape.name] {
                guard let aspect = shape.difference(from: known.shape) else { return known }
                throw .registeredDifferently(metric: shape.name, aspect: aspect)
            }
            for name in shape.sampleNames {
                guard let owner = owners[name] else { continue }
                throw .sampleNameTaken(name, metric: shape.name, owner: owner)
            }
            for name in shape.sampleNames { owners[name] = shape.name }
            return make()
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// The counter of this name and these labels: the same one for the same arguments. Label values must come from
    /// closed sets.
    package func counter(_ name: String, help: String, labels: [(String, String)] = []) throws(MetricError) -> Counter {
        try instrument(MetricShape(name, .counter, help: help, labelNames: labels.map(\.0).sorted()), labels) {
            Counter()
        }
    }

    /// Shows a counter that was made without a registry.
    func add(_ counter: Counter, _ name: String, help: String, labels: [(String, String)]) throws(MetricError) {
        let shape = try MetricShape(name, .counter, help: help, labelNames: labels.map(\.0).sorted())
        let _: Counter = try instrument(shape, labels) { counter }
    }

    package func gauge(_ name: String, help: String, labels: [(String, String)] = []) throws(MetricError) -> Gauge {
        try instrument(MetricShape(name, .gauge, help: help, labelNames: labels.map(\.0).sorted()), labels) { Gauge() }
    }

    /// `buckets`: rising upper bounds; `+Inf` is added.
    package func histogram(
        _ name: String, help: String, labels: [(String, String)] = [], buckets: [Double]
    ) throws(MetricError) -> Histogram {
        let shape = try MetricShape(
            name, .histogram, help: help, labelNames: labels.map(\.0).sorted(), buckets: buckets)
        return try instrument(shape, labels) { Histogram(bounds: buckets) }
    }

    /// `labels`: the open-ended one first; values are given in this order.
    package func counterFamily<let labelCount: Int>(
        _ name: String, help: String, labels: InlineArray<labelCount, String>, limit: Int = 200
    ) throws(MetricError) -> CounterFamily<labelCount> {
        try family(name, help: help, labels: labels, limit: limit) { Counter() }
    }

    package func gaugeFamily<let labelCount: Int>(
        _ name: String, help: String, labels: InlineArray<labelCount, String>, limit: Int = 200
    ) throws(MetricError) -> GaugeFamily<labelCount> {
        try family(name, help: help, labels: labels, limit: limit) { Gauge() }
    }

    /// Runs `body` at the start of every scrape, to refresh gauges. Several threads may scrape at once.
    package func onScrape(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.hooks.append(body) }
    }

    /// All metrics as text for Prometheus; see `PrometheusText.contentType`.
    package func exposition() -> [UInt8] {
        // Outside the lock: a hook may register metrics.
        for hook in state.withLock({ $0.hooks }) { hook() }
        let families = state.withLock { Array($0.families.values) }
        var output: [UInt8] = []
        for family in families.sorted(by: { $0.shape.name < $1.shape.name }) {
            family.append(to: &output)
        }
        return output
    }

    private func instrument<Value: Instrument>(
        _ shape: MetricShape, _ labels: [(String, String)], make: () -> Value
    ) throws(MetricError) -> Value {
        let text = PrometheusText.labels(labels.map { (name: $0, value: $1) })
        return try state.withLock { state throws(MetricError) in
            var family = try state.family(shape) { RegisteredFamily(shape: shape, store: .closed([:])) }
            let instrument: Value = try family.instrument(labels: text, make: make)
            state.families[shape.name] = family
            return instrument
        }
    }

    private func family<Value: Instrument, let labelCount: Int>(
        _ name: String, help: String, labels: InlineArray<labelCount, String>, limit: Int,
        make: @escaping @Sendable () -> Value
    ) throws(MetricError) -> MetricFamily<Value, labelCount> {
        let names = labels.indices.map { labels[$0] }
        let shape = try MetricShape(name, Value.kind, help: help, labelNames: names, limit: limit)
        return try state.withLock { state throws(MetricError) in
            let family = try state.family(shape) {
                RegisteredFamily(shape: shape, store: .open(SeriesTable(labelNames: names, limit: limit, make: make)))
            }
            state.families[name] = family
            return MetricFamily(table: try family.table())
        }
    }
}
