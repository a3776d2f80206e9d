import GateAPI
import Redis
import TestSupport
import Testing

@testable import PortfolioRisk

@Suite("Writers of the portfolio state")
struct StateWritersTests {
    private typealias Record = StateWriters.Record

    /// Observes an equity every two seconds and returns the last disagreement.
    private func disagreement(_ records: [(equity: Amount, taken: Int64, source: String)]) -> String? {
        var writers = StateWriters()
        for (index, record) in records.enumerated() {
            writers.observe(
                Record(
                    equity: record.equity, takenAt: Timestamp(seconds: 1_000 + record.taken), source: record.source),
                at: .seconds(index * 2))
        }
        return writers.disagreement
    }

    @Test("are one while the equity moves, jumps once, or the source is exchanged")
    func one() {
        #expect(disagreement([(100, 0, "a"), (101, 5, "a"), (99, 10, "a"), (100, 15, "a"), (102, 20, "a")]) == nil)
        #expect(disagreement([(100, 0, "a"), (50, 5, "a"), (51, 10, "a")]) == nil)
        #expect(disagreement([(100, 0, "a"), (100, 5, "b"), (101, 10, "b")]) == nil)
        #expect(disagreement([(100, 0, "a"), (100, 0, "a"), (100, 0, "a")]) == nil)
    }

    @Test("are two if their names take turns, the time goes back, or the equity swings to and fro")
    func two() {
        let text = "two writers of quantum:state:portfolio alternate: "
        #expect(
            disagreement([(100, 0, "ledger"), (90, 5, "binance"), (100, 10, "ledger")])
                == text + "90 (binance) and 100 (ledger)")
        #expect(disagreement([(100, 5, ""), (90, 3, "")]) == text + "100 and 90")
        #expect(disagreement([(100, 0, "a"), (90, 5, "a"), (100, 10, "a"), (90, 15, "a")]) != nil)
    }

    @Test("that disagreed are forgotten after a minute")
    func forgotten() {
        var writers = StateWriters()
        for (index, equity) in ([100, 90, 100, 90] as [Amount]).enumerated() {
            writers.observe(
                Record(equity: equity, takenAt: Timestamp(seconds: Int64(index)), source: ""), at: .seconds(index))
        }
        #expect(writers.disagreement != nil)
        writers.observe(Record(equity: 90, takenAt: Timestamp(seconds: 90), source: ""), at: .seconds(90))
        #expect(writers.disagreement == nil)
    }

    @Test("are told in health and metrics")
    func told() async throws {
        try await withService(["P28_LEASE_SEC": "0.3"]) { service in
            try await eventually("the sign") {
                for (equity, source) in [("100000", "ledger"), ("50000", "publisher")] {
                    try service.redis.command(
                        "HSET", "quantum:state:portfolio", "equity_usd", equity, "timestamp", "1795354260", "source",
                        source)
                    try await Task.sleep(for: .milliseconds(150))
                }
                return try await service.get("/health").body.contains("two writers of quantum:state:portfolio")
            }
            let metrics = try await service.get("/metrics").body
            #expect(metricValue(#"p28_disagreement{about="state_writers"}"#, in: metrics) == "1")
        }
    }
}
