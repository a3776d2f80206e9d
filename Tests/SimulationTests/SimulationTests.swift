import HostSimulation
import Testing

@Suite("Simulation", .serialized)
struct SimulationTests {
    @Test("I1, I2, exposure, totals, blocks, records: 300 schedules keep every invariant")
    func sound() throws {
        let (counts, violated) = try Campaign(firstSeed: 1, schedules: 300).run()
        #expect(violated == nil, "seed \(violated?.seed ?? 0): \(violated?.violation?.what ?? "")")
        #expect(counts.schedules == 300)
        // It takes a commit that is late by minutes: one in a hundred schedules has one.
        for item in counts.items where item.name != "untimely commits" { #expect(item.count > 0, "\(item.name)") }
    }

    @Test(
        "the audit finds the violation of the invariant in a model with a planted flaw",
        arguments: [
            (ModelFlaws.ignoresAcknowledgement, "I1"), (.ignoresBounds, "exposure"), (.ignoresOutcomes, "I2"),
            (.dropsInvalidations, "records"), (.forgetsPending, "I1"), (.losesRecords, "I1"),
            (.ignoresWatches, "exposure"), (.keepsLostShares, "totals"), (.keepsEndedBuckets, "totals"),
            (.ignoresNewerSnapshots, "exposure"), (.forgetsExecutions, "totals"),
            (.hidesTotals, "exposure"), (.trustsMarks, "exposure"), (.takesUntimely, "exposure"),
            (.growsSilently, "exposure"),
        ])
    func unsound(_ flaw: ModelFlaws, invariant: String) throws {
        let worker = try Worker()
        // Another invariant may be violated in earlier schedules.
        let result = try #require(
            (1...2_000).lazy.map { worker.run(seed: $0, flaws: flaw) }.first { $0.violation?.invariant == invariant })
        // The seed alone reproduces the violation.
        #expect(try Worker().run(seed: result.seed, flaws: flaw, isTraced: true).violation == result.violation)
    }

    @Test("the same seed gives the same schedule, another seed another")
    func deterministic() throws {
        let worker = try Worker()
        for seed in UInt64(1)...20 {
            let trace = worker.run(seed: seed, isTraced: true).trace
            #expect(trace.count > 10)
            #expect(try Worker().run(seed: seed, isTraced: true).trace == trace)
            #expect(worker.run(seed: seed + 1, isTraced: true).trace != trace)
        }
    }
}
