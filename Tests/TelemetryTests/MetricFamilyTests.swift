import Telemetry
import Testing

@Suite("A family with an open-ended label")
struct MetricFamilyTests {
    private let registry = MetricRegistry()

    private var samples: [Substring] {
        String(decoding: registry.exposition(), as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    @Test("has no series before its first value, but its HELP and TYPE")
    func declared() throws {
        _ = try registry.counterFamily("blocks_total", help: "Blocks.", labels: ["symbol"])
        #expect(
            String(decoding: registry.exposition(), as: UTF8.self)
                == "# HELP blocks_total Blocks.\n# TYPE blocks_total counter\n")
    }

    @Test("takes its values in the order of its labels and prints them sorted by name")
    func labelOrder() throws {
        let blocks = try registry.counterFamily("blocks_total", help: "x", labels: ["symbol", "reason"])
        blocks.increment("BTCUSDT", "p28_budget_violation")
        blocks.increment("BTCUSDT", "p28_budget_violation", by: 2)
        blocks.increment("ETHUSDT", "heat")
        let moves = try registry.counterFamily("moves_total", help: "x", labels: ["to", "from", "because"])
        moves.increment("hold", "close", "a \"reason\"")
        let budget = try registry.gaugeFamily("budget_usd", help: "x", labels: ["symbol"])
        budget.set("BTCUSDT", to: 1820.93)
        #expect(
            samples == [
                #"blocks_total{reason="heat",symbol="ETHUSDT"} 1"#,
                #"blocks_total{reason="p28_budget_violation",symbol="BTCUSDT"} 3"#,
                #"budget_usd{symbol="BTCUSDT"} 1820.93"#,
                #"moves_total{because="a \"reason\"",from="close",to="hold"} 1"#,
            ])
    }

    @Test("counts values beyond its limit as other, without losing one, and goes on with those it knows")
    func cap() throws {
        let family = try registry.counterFamily("c_total", help: "x", labels: ["symbol"], limit: 3)
        for round in 0..<2 {
            for symbol in 0..<10 { family.increment("S\(symbol)", by: round + 1) }
        }
        #expect(
            samples == [
                #"c_total{symbol="S0"} 3"#, #"c_total{symbol="S1"} 3"#, #"c_total{symbol="S2"} 3"#,
                #"c_total{symbol="other"} 21"#,
            ])
        #expect(family["S9"] === family["S8"])
    }

    @Test("keeps the closed labels apart under other")
    func capKeepsReasons() throws {
        let family = try registry.counterFamily("c_total", help: "x", labels: ["symbol", "reason"], limit: 1)
        for symbol in ["A", "B", "C"] {
            family.increment(symbol, "heat")
            family.increment(symbol, "budget")
        }
        #expect(
            samples == [
                #"c_total{reason="budget",symbol="A"} 1"#, #"c_total{reason="budget",symbol="other"} 2"#,
                #"c_total{reason="heat",symbol="A"} 1"#, #"c_total{reason="heat",symbol="other"} 2"#,
            ])
    }

    @Test("is bounded as a whole, should a label that was meant to be closed turn out open")
    func seriesBound() throws {
        let family = try registry.counterFamily("c_total", help: "x", labels: ["symbol", "reason"], limit: 2)
        family.increment("other", "other")
        for number in 0..<1_000 { family.increment("A", "r\(number)") }
        #expect(samples.count == 32)
        #expect(samples.filter { $0.contains("symbol=\"other\"") } == [#"c_total{reason="other",symbol="other"} 970"#])
    }

    @Test("counts a value too long for a label as other")
    func longValues() throws {
        let family = try registry.counterFamily("c_total", help: "x", labels: ["symbol", "reason"])
        let longest = String(repeating: "x", count: 128)
        family.increment("A", longest)
        family.increment(String(repeating: "y", count: 129), "heat")
        family.increment("A", String(repeating: "z", count: 1_000_000))
        #expect(
            samples == [
                #"c_total{reason="heat",symbol="other"} 1"#, #"c_total{reason="other",symbol="A"} 1"#,
                "c_total{reason=\"\(longest)\",symbol=\"A\"} 1",
            ])
    }

    @Test("with a limit of none sends all to other", arguments: [0, -1, Int.min])
    func noLimit(limit: Int) throws {
        let family = try registry.counterFamily("c_total", help: "x", labels: ["symbol"], limit: limit)
        family.increment("A")
        family.increment("other")
        #expect(samples == [#"c_total{symbol="other"} 2"#])
    }
}
