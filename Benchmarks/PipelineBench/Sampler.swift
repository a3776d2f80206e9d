import GateHost
import Histogram
import Platform

/// Times contenders in turns, so that other work on the machine affects all of them alike.
struct Sampler {
    /// Enough to hide the cost of reading the clock, and few enough that the scheduler seldom interferes.
    static let decisionsPerSample = 1_000
    private static let warmUpSamples = 20

    let samples: Int

    func measure(_ contenders: [Contender]) throws -> [DecisionCost] {
        let allocations = try contenders.map(countAllocations)
        var histograms = contenders.map { _ in Histogram<UInt32>(numberOfSignificantValueDigits: .three) }
        for round in -Self.warmUpSamples..<samples {
            for (index, contender) in contenders.enumerated() {
                let start = Monotonic.nanoseconds()
                let permits = contender.decide(Self.decisionsPerSample)
                let nanoseconds = Monotonic.nanoseconds() &- start
                guard permits == Self.decisionsPerSample else {
                    throw PipelineBenchError("\(contender.name): \(permits) permits")
                }
                // In picoseconds a decision, to keep three digits of the fastest one.
                if round >= 0 { histograms[index].record(nanoseconds * 1_000 / UInt64(Self.decisionsPerSample)) }
            }
        }
        return contenders.indices.map { index in
            DecisionCost(contenders[index], histograms[index], allocations[index])
        }
    }

    private func countAllocations(_ contender: Contender) throws -> (count: Double, bytes: Double) {
        _ = contender.decide(Self.decisionsPerSample)
        let meter = AllocationMeter()
        _ = contender.decide(Self.decisionsPerSample)
        return (
            Double(meter.allocations) / Double(Self.decisionsPerSample),
            Double(meter.bytes) / Double(Self.decisionsPerSample)
        )
    }
}
