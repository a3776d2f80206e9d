import GateHost

/// Many different plans through all in-process work of the host: the growth of memory and the cost of each step.
struct Endurance: Codable {
    let plans: Int
    /// Resident set in KiB after a tenth, half and all of the plans.
    let residentKibibytes: [Int]
    let steps: [StepCost]

    struct StepCost: Codable {
        let step: String
        let nanosecondsPerPlan: Double
        let allocationsPerPlan: Double
    }

    /// The allowed growth of the resident set from a tenth of the plans to the end: the allocator's own slack, far less
    /// than a byte a plan.
    static let tolerance = 2_048

    init(plans wanted: Int, _ gates: GateSet) throws {
        var host = try BatchHost(gates.pipeline(of: 8))
        var meter = StepMeter()
        let batches = max(10, wanted / BatchHost.batch)
        var resident: [Int] = []
        for number in 0..<batches {
            try host.process(number, &meter)
            if [batches / 10, batches / 2, batches].contains(number + 1) {
                resident.append(try ResidentSet.kibibytes())
            }
        }
        let plans = batches * BatchHost.batch
        self.plans = plans
        residentKibibytes = resident
        steps = StepMeter.Step.allCases.map { step in
            StepCost(
                step: "\(step)", nanosecondsPerPlan: Double(meter.nanoseconds[step.rawValue]) / Double(plans),
                allocationsPerPlan: Double(meter.allocations[step.rawValue]) / Double(plans))
        }
        if let first = resident.first, let last = resident.last, last - first > Self.tolerance {
            throw PipelineBenchError("memory grew from \(first) KiB to \(last) KiB over \(plans) plans")
        }
    }
}
