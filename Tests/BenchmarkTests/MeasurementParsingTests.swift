import Testing

@testable import GateHostBench

@Suite("What the bench reads from Redis and from hosts")
struct MeasurementParsingTests {
    @Test("the longest command comes first, and the bench's own do not count")
    func commands() {
        let times = CommandTimes(
            text: """
                # Latencystats\r
                latency_percentiles_usec_exec:p99=1003.519,p100=1511.423\r
                latency_percentiles_usec_client|caching:p99=1.003,p100=5.023\r
                latency_percentiles_usec_xrange:p99=2000.5,p100=9000.5\r
                latency_percentiles_usec_evalsha:p99=90,p100=4849.663\r
                latency_percentiles_usec_broken:p99=1\r
                """)
        #expect(times.commands.map(\.name) == ["EVALSHA", "EXEC", "CLIENT|CACHING"])
        #expect(times.longest?.longestMicroseconds == 4849.663)
        #expect(times.longest?.p99Microseconds == 90)
    }

    @Test("a host's port is in its log, as JSON and as text")
    func port() {
        let json = #"{"level":"info","message":"admin endpoint listens","port":"44221"}"#
        #expect(AdminEndpoint.port(inLog: "{\"message\":\"host starts\"}\n\(json)\n") == 44_221)
        #expect(AdminEndpoint.port(inLog: "info: admin endpoint listens port=8044") == 8_044)
        #expect(AdminEndpoint.port(inLog: "{\"message\":\"host starts\",\"port\":\"1\"}") == nil)
    }

    @Test("entries of refused transactions are judged again, as many as a commit has")
    func judgedAgain() {
        let page = """
            # HELP gatehost_reservation_conflicts_total Entries judged again.
            # TYPE gatehost_reservation_conflicts_total counter
            gatehost_reservation_conflicts_total 30
            gatehost_transactions_refused_total 2
            gatehost_batch_entries_bucket{le="128"} 9
            gatehost_batch_entries_sum 500
            gatehost_batch_entries_count 10
            """
        let again = JudgedAgain([MetricValues(text: page), MetricValues(text: page)], decisions: 2_600)
        #expect(again.conflicts == 60)
        #expect(again.refusedTransactions == 4)
        #expect(again.share == 0.1)
        #expect(JudgedAgain([], decisions: 0).share == 0)
    }

    @Test(
        "each key belongs to a class",
        arguments: [
            ("quantum:permit:a", .permit), ("quantum:governor:outcome:a", .outcome),
            ("quantum:governor:reserved:position:BTCUSDT", .ledger), ("quantum:governor:account:heat", .ledger),
            ("quantum:stream:governor.decision", .decisions), ("quantum:stream:apply.plan", .plans),
            ("quantum:stream:apply.result", .results), ("quantum:portfolio:heat", .other),
        ] as [(String, KeyMemory.Class)])
    func classes(key: String, expected: KeyMemory.Class) {
        #expect(KeyMemory.Class(key: key) == expected)
    }
}
