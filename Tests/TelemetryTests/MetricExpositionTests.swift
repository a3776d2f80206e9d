import Telemetry
import Testing

@Suite("The exposition")
struct MetricExpositionTests {
    private let registry = MetricRegistry()

    private var text: String { String(decoding: registry.exposition(), as: UTF8.self) }

    @Test("of an empty registry is empty")
    func empty() {
        #expect(text.isEmpty)
    }

    @Test("sorts families, series and labels, says HELP and TYPE once a family and ends with a newline")
    func order() throws {
        let enforce = try registry.counter(
            "gate_verdicts_total", help: "Verdicts.", labels: [("verdict", "pass"), ("gate", "p28-budget")])
        try registry.counter(
            "gate_verdicts_total", help: "Verdicts.", labels: [("verdict", "block"), ("gate", "p28-budget")]
        ).increment()
        try registry.counter("gate_verdicts_total", help: "Verdicts.", labels: [("gate", "heat"), ("verdict", "pass")])
            .increment(by: 3)
        try registry.gauge("breaker_open", help: "1 while open.").set(1)
        enforce.increment(by: 41)
        enforce.increment()
        #expect(
            text == """
                # HELP breaker_open 1 while open.
                # TYPE breaker_open gauge
                breaker_open 1
                # HELP gate_verdicts_total Verdicts.
                # TYPE gate_verdicts_total counter
                gate_verdicts_total{gate="heat",verdict="pass"} 3
                gate_verdicts_total{gate="p28-budget",verdict="block"} 1
                gate_verdicts_total{gate="p28-budget",verdict="pass"} 42

                """)
    }

    @Test("escapes backslash and newline in help, and quotes too in label values; all else stays")
    func escaping() throws {
        try registry.gauge("odd", help: "a \\ b\n\"c\" é", labels: [("path", "C:\\x\n\"é\"\t")]).set(2.5)
        #expect(
            text == #"""
                # HELP odd a \\ b\n"c" é
                # TYPE odd gauge
                odd{path="C:\\x\n\"é\"
                """# + "\t\"} 2.5\n")
    }

    @Test("escapes a line feed after a carriage return, which Swift sees as one character with it")
    func carriageReturn() throws {
        try registry.gauge("crlf", help: "a\r\nb", labels: [("l", "x\r\ny")]).set(0)
        #expect(text == "# HELP crlf a\r\\nb\n# TYPE crlf gauge\ncrlf{l=\"x\r\\ny\"} 0\n")
    }

    @Test("has cumulative buckets with inclusive bounds, +Inf equal to _count, and le after the other labels")
    func histogram() throws {
        let latency = try registry.histogram(
            "decision_seconds", help: "Time.", labels: [("stage", "pipeline")], buckets: [0.001, 0.5, 1])
        for value in [0.0005, 0.001, 0.25, 0.5, 1.5, 100] { latency.observe(value) }
        latency.observe(.milliseconds(750))
        #expect(
            text == """
                # HELP decision_seconds Time.
                # TYPE decision_seconds histogram
                decision_seconds_bucket{stage="pipeline",le="0.001"} 2
                decision_seconds_bucket{stage="pipeline",le="0.5"} 4
                decision_seconds_bucket{stage="pipeline",le="1"} 5
                decision_seconds_bucket{stage="pipeline",le="+Inf"} 7
                decision_seconds_sum{stage="pipeline"} 103.0015
                decision_seconds_count{stage="pipeline"} 7

                """)
    }

    @Test("of a histogram without observations has all its lines")
    func emptyHistogram() throws {
        _ = try registry.histogram("h", help: "x", buckets: [5])
        #expect(
            text
                == "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"5\"} 0\nh_bucket{le=\"+Inf\"} 0\nh_sum 0\nh_count 0\n"
        )
    }

    @Test(
        "writes numbers as Prometheus reads them",
        arguments: [
            (0, "0"), (-0.5, "-0.5"), (1820.93, "1820.93"), (3, "3"), (1e-7, "1e-07"), (1e300, "1e+300"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1_769_557_925, "1769557925"),
        ] as [(Double, String)])
    func numbers(value: Double, printed: String) throws {
        try registry.gauge("g", help: "x").set(value)
        #expect(text == "# HELP g x\n# TYPE g gauge\ng \(printed)\n")
    }

    @Test("shows what hooks refreshed at this scrape, metrics that a hook registered among it")
    func hooks() throws {
        let age = try registry.gauge("age", help: "x")
        registry.onScrape { age.add(1) }
        registry.onScrape { [registry] in _ = try? registry.counter("late_total", help: "x") }
        #expect(
            text == """
                # HELP age x
                # TYPE age gauge
                age 1
                # HELP late_total x
                # TYPE late_total counter
                late_total 0

                """)
        #expect(text.contains("age 2\n"))
    }

    @Test("drops observations that would spoil the sum for good", arguments: [Double.nan, .infinity, -.infinity])
    func nonFinite(value: Double) throws {
        let histogram = try registry.histogram("h", help: "x", buckets: [1])
        histogram.observe(value)
        histogram.observe(0.5)
        #expect(histogram.count == 1)
        #expect(text.contains("h_sum 0.5\nh_count 1\n"))
    }

    @Test("never shows a counter that fell", arguments: [0, -1, Int.min])
    func monotone(amount: Int) throws {
        let counter = try registry.counter("c_total", help: "x")
        counter.increment(by: 5)
        counter.increment(by: amount)
        #expect(counter.value == 5)
    }
}
