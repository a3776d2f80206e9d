import Testing

@testable import GateHostBench

@Suite("Latency against load")
struct OpenLoopTests {
    @Test(
        "rates are a geometric series that meets every power of ten",
        arguments: [
            (100, 10_000, 1, [100, 1_000, 10_000]), (100, 5_000, 3, [100, 215, 464, 1_000, 2_154, 4_642]),
            (7, 7, 3, [7]), (1, 4, 20, [1, 2, 3, 4]),
        ])
    func series(lowest: Int, highest: Int, perDecade: Int, expected: [Int]) {
        #expect(LoadSeries.rates(from: lowest, to: highest, perDecade: perDecade) == expected)
    }

    @Test("latency counts from the time when a plan was due, and the warm-up does not count")
    func latencies() {
        let run = Traffic.Run(decided: [1, 1_300_000, 2_000_000], elapsed: 3_000_000, isComplete: true)
        #expect(run.latencies(at: 1_000, from: 1) == [300_000, 0])
    }

    @Test("an undecided plan has waited until the end, and one that was not due does not count")
    func undecided() {
        let run = Traffic.Run(decided: [500, 0, 0, 0], elapsed: 2_500_000, isComplete: false)
        #expect(run.latencies(at: 1_000, from: 0) == [500, 1_500_000, 500_000])
    }

    @Test("a rate is sustained only if every plan was decided and p99 is below the limit")
    func sustained() {
        let calm = [UInt64](repeating: 1_000_000, count: 990)
        let late = [UInt64](repeating: 9_000_000, count: 10)
        func point(_ latencies: [UInt64], isComplete: Bool = true) -> LoadPoint {
            LoadPoint(rate: 1, latencies: latencies, isComplete: isComplete)
        }
        #expect(point(calm + late).keeps(p99Below: .milliseconds(5)))
        #expect(!point(calm + late + late).keeps(p99Below: .milliseconds(5)))
        #expect(!point(calm, isComplete: false).keeps(p99Below: .milliseconds(5)))
    }

    @Test("a point of the curve compares only rounds in which both came so far")
    func ratios() throws {
        func point(_ rate: Int, _ latency: UInt64) -> LoadPoint {
            LoadPoint(rate: rate, latencies: [latency], isComplete: true)
        }
        let host = [[point(10, 2_000), point(20, 9_000)], [point(10, 6_000)]]
        let floor = [[point(10, 1_000)], [point(10, 2_000)]]
        let low = try #require(CurvePoint("gatehost", rate: 10, host, baseline: floor))
        #expect(low.p50Ratio?.minimum == 2)
        #expect(low.p50Ratio?.maximum == 3)
        let high = try #require(CurvePoint("gatehost", rate: 20, host, baseline: floor))
        #expect(high.all.samples == 1)
        #expect(high.p50Ratio == nil)
        #expect(CurvePoint("gatehost", rate: 30, host, baseline: floor) == nil)
    }
}
