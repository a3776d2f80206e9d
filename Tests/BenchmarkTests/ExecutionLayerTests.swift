import Foundation
import Redis
import TestSupport
import Testing

@Suite("The bench's execution layer")
struct ExecutionLayerTests {
    private static let decisions = "quantum:stream:governor.decision"
    private static let results = "quantum:stream:apply.result"

    /// Publishes decisions with their permits, and runs the program until it is idle.
    private func run(
        permits: Int, _ fixture: RedisFixture, mix: (executed: Int, refused: Int, withheld: Int),
        positions: String? = nil
    ) async throws {
        for index in 0..<permits {
            _ = try fixture.command("SET", "quantum:permit:p\(index)", "{}")
            _ = try fixture.command(
                "XADD", Self.decisions, "*", "plan_id", "p\(index)", "symbol", "BTCUSDT", "outcome", "permit",
                "computed_qty", "0.5")
        }
        _ = try fixture.command(
            "XADD", Self.decisions, "*", "plan_id", "b", "symbol", "BTCUSDT", "outcome", "block")
        let arguments = [
            "--socket", fixture.server.socketPath, "--after", "0-0", "--result-max-length", "100000",
            "--executed", "\(mix.executed)", "--refused", "\(mix.refused)", "--withheld", "\(mix.withheld)",
            "--end-when-idle",
        ]
        let publishing = positions.map { ["--positions", $0, "--interval", "10"] } ?? []
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("gatehost-execution")
        let result = try await HostProcess(executable: program, arguments + publishing).finish()
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("takes each permit and reports it, in the shares that it was given")
    func shares() async throws {
        let fixture = try RedisFixture()
        try await run(permits: 300, fixture, mix: (80, 10, 5))
        let reports = try fixture.entries(Self.results)
        #expect(reports.count == 285)
        #expect(reports.count { $0["executed"] == "True" && $0["filled_qty"] == "0.5" } == 240)
        #expect(reports.count { $0["executed"] == "False" && $0["exchange_refused"] == "true" } == 30)
        #expect(Set(reports.compactMap { $0["plan_id"] }).count == 285)
        // Permits that are withheld stay.
        let left = try fixture.command("KEYS", "quantum:permit:*").count
        #expect(left == 15)
    }

    @Test("a permit that is gone is not executed")
    func missing() async throws {
        let fixture = try RedisFixture()
        _ = try fixture.command(
            "XADD", Self.decisions, "*", "plan_id", "gone", "symbol", "BTCUSDT", "outcome", "permit", "computed_qty",
            "1")
        try await run(permits: 1, fixture, mix: (100, 0, 0))
        let reports = try fixture.entries(Self.results)
        #expect(reports.map { $0["executed"] } == ["False", "True"])
        #expect(reports.first?["filled_qty"] == nil)
    }

    @Test("publishes the positions")
    func positions() async throws {
        let fixture = try RedisFixture()
        let folder = try TemporaryFolder()
        let file = try folder.write("BTCUSDT 0.25 95000.5\nETHUSDT -2 3000\n", to: "positions")
        try await run(permits: 1, fixture, mix: (100, 0, 0), positions: file)
        let record = try fixture.hash("quantum:position:snapshot:ETHUSDT")
        #expect(record["position_amt"] == "-2")
        #expect(record["mark_price"] == "3000")
        let stamp = try #require(record["ts_epoch"].flatMap { Double($0) })
        #expect(abs(stamp - Date().timeIntervalSince1970) < 30)
    }
}
