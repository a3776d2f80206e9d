import Synchronization

/// The series of a family with an open-ended label. It only ever grows, up to its bounds: so a lookup needs no lock, it
/// walks a chain whose links are written once.
final class SeriesTable<Value: Instrument>: SeriesSource {
    /// How many series there may be, for each value that the open-ended (first) label may take.
    static var seriesPerOpenValue: Int { 16 }

    private final class Node: Sendable {
        let values: LabelValues
        let labels: String
        let instrument: Value
        let next = AtomicLazyReference<Node>()

        init(values: LabelValues, labels: String, instrument: Value) {
            self.values = values
            self.labels = labels
            self.instrument = instrument
        }
    }

    private struct Admitted {
        var openValues: Set<String> = []
        var seriesCount = 0
    }

    private let labelNames: [String]
    private let limit: Int
    private let make: @Sendable () -> Value
    private let chains: InlineArray<256, AtomicLazyReference<Node>>
    /// Held to append a node, never to find one that is there.
    private let admitted = Mutex(Admitted())

    init(labelNames: [String], limit: Int, make: @escaping @Sendable () -> Value) {
        self.labelNames = labelNames
        self.limit = limit
        self.make = make
        self.chains = InlineArray { _ in AtomicLazyReference() }
    }

    /// The instrument for these values, or that of `other` in their place once a bound is reached.
    func instrument(for values: LabelValues) -> Value {
        find(values) ?? admit(values)
    }

    var series: [(labels: String, instrument: any Instrument)] {
        var result: [(labels: String, instrument: any Instrument)] = []
        for index in chains.indices {
            var link = chains[index].load()
            while let node = link {
                result.append((node.labels, node.instrument))
                link = node.next.load()
            }
        }
        return result
    }

    private func find(_ values: LabelValues) -> Value? {
        var link = chains[Self.chain(of: values)].load()
        while let node = link {
            if node.values == values { return node.instrument }
            link = node.next.load()
        }
        return nil
    }

    private func admit(_ wanted: LabelValues) -> Value {
        admitted.withLock { admitted in
            var values = wanted.bounded
            if !admitted.openValues.contains(values.first), admitted.openValues.count >= limit {
                values.first = LabelValues.other
            }
            if let present = find(values) { return present }
            // `Int.max` series are out of reach, so a limit that overflows the product is as good as none.
            let (maxSeries, overflow) = limit.multipliedReportingOverflow(by: Self.seriesPerOpenValue)
            if admitted.seriesCount >= (overflow ? .max : maxSeries) {
                values = LabelValues.others(labelNames.count)
                if let present = find(values) { return present }
            }
            let instrument = make()
            append(Node(values: values, labels: values.text(names: labelNames), instrument: instrument))
            if values.first != LabelValues.other { admitted.openValues.insert(values.first) }
            admitted.seriesCount += 1
            return instrument
        }
    }

    private func append(_ node: Node) {
        let chain = Self.chain(of: node.values)
        guard var last = chains[chain].load() else {
            _ = chains[chain].storeIfNil(node)
            return
        }
        while let next = last.next.load() { last = next }
        _ = last.next.storeIfNil(node)
    }

    /// The mask keeps it within the 256 chains.
    private static func chain(of values: LabelValues) -> Int {
        values.hashValue & 255
    }
}
