import Redis
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("Requests that mean no good")
struct HostileRequestTests {
    @Test("300 half requests neither keep others out nor stay")
    func halfRequests() async throws {
        try await withService { service in
            let half = try (0..<300).map { _ in
                let connection = try RawConnection(port: service.port)
                connection.send("GET /health HTTP/1.1\r\nHost: ")
                return connection
            }
            #expect(try await service.get("/health").status == 200)
            // The idle time of the endpoint is 20 s.
            try await eventually("the close of all", within: 60) { half.allSatisfy(\.isClosed) }
        }
    }

    @Test("1,000 invented symbols do not take the label of a real one")
    func labels() async throws {
        try await withService { service in
            try service.setBudget("BTCUSDT", "budget_usd", "1820.0")
            for number in 0..<1_000 {
                _ = try await service.post("/budget/check?symbol=JUNK\(number)&position_notional=1")
            }
            _ = try await service.post("/budget/check?symbol=BTCUSDT&position_notional=1")
            _ = try await service.post("/budget/check?symbol=btcusdt&position_notional=1")
            let metrics = try await service.get("/metrics").body
            #expect(metricValue(#"p28_budget_allow_total{symbol="BTCUSDT"}"#, in: metrics) == "2")
            #expect(metricValue(#"p28_budget_allow_total{symbol="other"}"#, in: metrics) == "1000")
            #expect(!metrics.contains("JUNK"))
        }
    }

    @Test("1,000 symbols that a producer invents in plans do not take the label of a position's")
    func plans() async throws {
        let fixture = try EngineFixture(settings: try settings(["PLAN_LOOKBACK": "500"]))
        try fixture.publishState()
        for round in 0..<3 {
            try fixture.redis.publish(
                (0..<400).map { Plans.open("plan-\(round)-\($0)", "JUNK\(round)X\($0)") },
                to: "quantum:stream:apply.plan")
            try await fixture.engine.cycle(heat: .positions)
        }
        try fixture.publishPosition("BTCUSDT", "1")
        try await fixture.engine.cycle(heat: .positions)
        #expect(fixture.metric(#"p28_budget_computed_total{symbol="BTCUSDT"}"#) == "1")
    }
}
