import Foundation
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("The metrics")
struct MetricsTests {
    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test("all exist from the start, at zero")
    func fromTheStart() throws {
        let fixture = try EngineFixture()
        for name in [
            "p28_enforce_mode", "p28_redis_write_fail_total", "p28_lkg_cache_used_total", "p28_portfolio_too_old_total",
            "p28_missing_portfolio_state_total",
            #"p28_stale_input_total{input_type="portfolio_state"}"#,
            #"p28_stale_input_total{input_type="budget_hash"}"#,
            #"p28_stale_input_total{input_type="heat"}"#, "p28_invalid_equity_total",
        ] {
            #expect(fixture.metric(name) == "0", "\(name)")
        }
        let text = String(decoding: fixture.registry.exposition(), as: UTF8.self)
        for family in [
            "p28_budget_computed_total", "p28_budget_blocks_total", "p28_budget_allow_total", "p28_budget_value_usd",
            "p28_stress_factor",
        ] {
            #expect(text.contains("# TYPE \(family) "), "\(family)")
        }
    }

    @Test(
        "of a working service pass promtool",
        .enabled(if: promtool != nil, "promtool is not installed (Debian: prometheus)"))
    func passPromtool() async throws {
        let service = try await ServiceFixture()
        _ = try await service.post("/test/inject_portfolio_state?equity_usd=100000")
        try await eventually("a budget") { try !service.budget().isEmpty }
        _ = try await service.post("/budget/check?symbol=we%22ird%0Asymbol&position_notional=1")
        let answer = try await service.get("/metrics")
        await service.stop()
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(metricValue(#"p28_budget_computed_total{symbol="BTCUSDT"}"#, in: answer.body) != nil)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // Smaller than the buffer of a pipe, so the write cannot block on an absent reader.
        try #require(answer.body.utf8.count < 60_000)
        input.fileHandleForWriting.write(Data(answer.body.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.isEmpty)
    }
}
