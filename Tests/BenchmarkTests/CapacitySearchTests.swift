import Testing

@testable import GateHostBench

@Suite("The search for the capacity")
struct CapacitySearchTests {
    /// A contender that sustains every rate up to a limit, and the rates that it was probed with.
    private final class Contender {
        let limit: Int
        /// Probes that fail although the rate is sustainable.
        var hiccups: Set<Int>
        private(set) var probes: [Int] = []

        init(limit: Int, hiccups: Set<Int> = []) {
            self.limit = limit
            self.hiccups = hiccups
        }

        func sustains(_ rate: Int) -> Bool {
            defer { probes.append(rate) }
            return rate <= limit && !hiccups.contains(probes.count)
        }

        func curve(_ rates: [Int], failing: Set<Int> = []) -> [(rate: Int, isSustained: Bool)] {
            rates.map { ($0, $0 <= limit && !failing.contains($0)) }
        }
    }

    private static let rates = [1_000, 2_154, 4_642, 10_000, 21_544]

    @Test("ends within a twentieth below the limit", arguments: [4_700, 6_000, 7_500, 9_999])
    func finds(limit: Int) throws {
        let contender = Contender(limit: limit)
        let found = try #require(
            CapacitySearch().capacity(contender.curve(Self.rates), highest: 100_000, probe: contender.sustains))
        #expect(found <= limit)
        #expect(Double(found) > 0.95 * Double(limit))
    }

    @Test("one bad probe of a rate does not count")
    func hiccup() throws {
        let calm = Contender(limit: 7_500)
        let disturbed = Contender(limit: 7_500, hiccups: [2])
        let search = CapacitySearch()
        let expected = search.capacity(calm.curve(Self.rates), highest: 100_000, probe: calm.sustains)
        #expect(
            search.capacity(disturbed.curve(Self.rates), highest: 100_000, probe: disturbed.sustains) == expected)
    }

    @Test("begins higher if what the curve calls too much is sustained")
    func climbs() throws {
        let contender = Contender(limit: 12_000)
        let curve = contender.curve(Self.rates, failing: [10_000])
        let found = try #require(CapacitySearch().capacity(curve, highest: 100_000, probe: contender.sustains))
        #expect(found <= 12_000)
        #expect(found > 11_000)
    }

    @Test("a low rate that failed on the curve does not hide higher ones")
    func lowFailure() throws {
        let contender = Contender(limit: 7_500)
        let curve = contender.curve(Self.rates, failing: [1_000])
        let found = try #require(CapacitySearch().capacity(curve, highest: 100_000, probe: contender.sustains))
        #expect(found > 7_000)
    }

    @Test("there is none if no rate is sustained, and then nothing is probed")
    func none() {
        let contender = Contender(limit: 10)
        #expect(
            CapacitySearch().capacity(contender.curve(Self.rates), highest: 100_000, probe: contender.sustains) == nil)
        #expect(contender.probes.isEmpty)
    }

    @Test("never probes beyond the highest rate, nor more often than it says", arguments: [50, 5_000, 1_000_000])
    func bounds(limit: Int) {
        let contender = Contender(limit: limit)
        let search = CapacitySearch()
        _ = search.capacity(contender.curve(Self.rates), highest: 50_000, probe: contender.sustains)
        #expect(contender.probes.allSatisfy { $0 <= 50_000 })
        #expect(contender.probes.count <= search.maximumProbes)
    }
}
