import Telemetry
import Testing

@Suite("Registering a metric")
struct MetricRegistrationTests {
    private let registry = MetricRegistry()

    @Test("gives the same instrument for the same name and labels, in any order of the labels")
    func identity() throws {
        let counter = try registry.counter("c_total", help: "x", labels: [("a", "1"), ("b", "2")])
        #expect(try registry.counter("c_total", help: "x", labels: [("b", "2"), ("a", "1")]) === counter)
        #expect(try registry.counter("c_total", help: "x", labels: [("a", "1"), ("b", "3")]) !== counter)
        let gauge = try registry.gauge("g", help: "x")
        #expect(try registry.gauge("g", help: "x") === gauge)
        let histogram = try registry.histogram("h", help: "x", buckets: [1, 2])
        #expect(try registry.histogram("h", help: "x", buckets: [1, 2]) === histogram)
        let family = try registry.counterFamily("f_total", help: "x", labels: ["symbol"])
        #expect(try registry.counterFamily("f_total", help: "x", labels: ["symbol"])["BTCUSDT"] === family["BTCUSDT"])
    }

    @Test(
        "refuses what isn't a metric name",
        arguments: ["", "1st", "a-b", "a b", "ünit", "a.b", "a\n", "a{", "@a", "[a"])
    func names(name: String) {
        #expect(throws: MetricError.invalidName(name)) { try registry.counter(name, help: "x") }
        #expect(throws: MetricError.invalidName(name)) { try registry.gaugeFamily(name, help: "x", labels: ["symbol"]) }
    }

    @Test(
        "takes every character that a metric name may have", arguments: ["a", "_a", ":a:b", "Az_09", "p26_heat_value"])
    func goodNames(name: String) throws {
        _ = try registry.gauge(name, help: "x")
    }

    @Test(
        "refuses what isn't a label name, or is Prometheus' own",
        arguments: ["", "1", "a-b", "a:b", "__name__", "é", "a "])
    func labels(label: String) {
        #expect(throws: MetricError.invalidLabelName(label, metric: "c")) {
            try registry.counter("c", help: "x", labels: [(label, "v")])
        }
        #expect(throws: MetricError.invalidLabelName(label, metric: "c")) {
            try registry.counterFamily("c", help: "x", labels: ["ok", label])
        }
    }

    @Test("keeps le for the buckets of histograms")
    func le() throws {
        #expect(throws: MetricError.invalidLabelName("le", metric: "h")) {
            try registry.histogram("h", help: "x", labels: [("le", "1")], buckets: [1])
        }
        _ = try registry.counter("c_total", help: "x", labels: [("le", "1")])
    }

    @Test("refuses a label given twice")
    func duplicates() {
        #expect(throws: MetricError.duplicateLabelName("a", metric: "c")) {
            try registry.counter("c", help: "x", labels: [("a", "1"), ("b", "1"), ("a", "2")])
        }
    }

    @Test(
        "refuses buckets that don't rise, aren't finite, or are none",
        arguments: [[], [1, 1], [2, 1], [1, .infinity], [.nan]] as [[Double]])
    func buckets(bounds: [Double]) {
        #expect(throws: MetricError.invalidBuckets(metric: "h")) {
            try registry.histogram("h", help: "x", buckets: bounds)
        }
    }

    @Test("refuses a name that is in use for something else, and says in what it differs")
    func conflicts() throws {
        _ = try registry.counter("c", help: "x", labels: [("a", "1")])
        _ = try registry.histogram("h", help: "x", buckets: [1])
        _ = try registry.counterFamily("f", help: "x", labels: ["symbol", "reason"])
        func conflict(_ metric: String, _ aspect: MetricShape.Aspect, _ register: () throws -> Void) {
            #expect(throws: MetricError.registeredDifferently(metric: metric, aspect: aspect)) { try register() }
        }
        conflict("c", .kind) { _ = try registry.gauge("c", help: "x", labels: [("a", "1")]) }
        conflict("c", .help) { _ = try registry.counter("c", help: "y", labels: [("a", "1")]) }
        conflict("c", .labelNames) { _ = try registry.counter("c", help: "x") }
        conflict("c", .limit) { _ = try registry.counterFamily("c", help: "x", labels: ["a"]) }
        conflict("h", .buckets) { _ = try registry.histogram("h", help: "x", buckets: [1, 2]) }
        conflict("f", .labelNames) { _ = try registry.counterFamily("f", help: "x", labels: ["reason", "symbol"]) }
        conflict("f", .limit) {
            _ = try registry.counterFamily("f", help: "x", labels: ["symbol", "reason"], limit: 7)
        }
        conflict("f", .kind) { _ = try registry.gaugeFamily("f", help: "x", labels: ["symbol", "reason"]) }
        conflict("f", .labelNames) {
            _ = try registry.counter("f", help: "x", labels: [("symbol", "1"), ("reason", "2")])
        }
    }

    @Test("refuses a name that another metric's lines carry, whichever came first")
    func sampleNames() throws {
        _ = try registry.histogram("h", help: "x", buckets: [1])
        #expect(throws: MetricError.sampleNameTaken("h_count", metric: "h_count", owner: "h")) {
            try registry.gauge("h_count", help: "x")
        }
        _ = try registry.gauge("late_sum", help: "x")
        #expect(throws: MetricError.sampleNameTaken("late_sum", metric: "late", owner: "late_sum")) {
            try registry.histogram("late", help: "x", buckets: [1])
        }
        _ = try registry.gauge("late", help: "a refused metric leaves its name free")
    }

    @Test("says in its errors which metric and why, to the letter")
    func descriptions() {
        let cases: [(MetricError, String)] = [
            (.invalidName("a b"), "metric 'a b': not a metric name ([a-zA-Z_:][a-zA-Z0-9_:]*)"),
            (
                .invalidLabelName("le", metric: "h"),
                """
                metric 'h': 'le' is not a label name for it ([a-zA-Z_][a-zA-Z0-9_]*, not starting with '__', not \
                'le' on a histogram)
                """
            ),
            (.duplicateLabelName("a", metric: "c"), "metric 'c': label 'a' is given twice"),
            (
                .invalidBuckets(metric: "h"),
                "metric 'h': bucket bounds must be finite and rising, and there must be one at least"
            ),
            (
                .registeredDifferently(metric: "c", aspect: .help),
                "metric 'c': already registered with another help text"
            ),
            (
                .sampleNameTaken("h_sum", metric: "h", owner: "h_sum"),
                "metric 'h': its sample name 'h_sum' belongs to metric 'h_sum'"
            ),
        ]
        for (error, text) in cases { #expect("\(error)" == text) }
    }
}
