import Foundation
import Telemetry
import Testing

@Suite("promtool check metrics")
struct PromtoolTests {
    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "finds nothing wrong in the exposition of a working host",
        .enabled(if: promtool != nil, "promtool is not installed (Debian: prometheus)"))
    func realistic() throws {
        let registry = MetricRegistry()
        for gate in ["p28-budget", "heat"] {
            for reason in ["input_missing", "input_stale", "gate_deadline"] {
                try registry.counter(
                    "gatehost_fail_open_total", help: "Gates that failed open.",
                    labels: [("gate", gate), ("reason", reason)]
                )
                .increment()
            }
            let latency = try registry.histogram(
                "gatehost_gate_duration_seconds", help: "Time in a gate.", labels: [("gate", gate)],
                buckets: [1e-6, 1e-5, 1e-4, 1e-3, 5e-3])
            for step in 0..<100 { latency.observe(.microseconds(step * step)) }
        }
        let decisions = try registry.counterFamily(
            "gatehost_decisions_total", help: "Decisions, by symbol and outcome.\nBackslash: \\.",
            labels: ["symbol", "outcome"], limit: 5)
        for number in 0..<20 { decisions.increment("SYM\(number)USDT", number % 2 == 0 ? "permit" : "block") }
        decisions.increment("we\"ird\\\nsymbol", "block")
        try registry.gaugeFamily("p28_budget_value_usd", help: "Budget.", labels: ["symbol"]).set(
            "BTCUSDT", to: 1820.93)
        try registry.gauge("gatehost_ready", help: "1 when ready.").set(1)
        try registry.gauge("gatehost_clock_skew_seconds", help: "Not known.").set(.nan)
        _ = try registry.counterFamily("gatehost_violations_total", help: "None yet.", labels: ["symbol"])
        let (status, output) = try check(registry.exposition())
        #expect(status == 0, "\(output)")
        #expect(output.isEmpty)
    }

    @Test(
        "is really asked: it refuses a broken text",
        .enabled(if: promtool != nil, "promtool is not installed (Debian: prometheus)"))
    func broken() throws {
        #expect(try check(Array("a{b=\"c} 1\n".utf8)).status != 0)
    }

    private func check(_ text: [UInt8]) throws -> (status: Int32, output: String) {
        let path = try #require(Self.promtool)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // Smaller than a pipe's buffer, so this cannot wait for a reader that has gone.
        try #require(text.count < 60_000)
        input.fileHandleForWriting.write(Data(text))
        try input.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
