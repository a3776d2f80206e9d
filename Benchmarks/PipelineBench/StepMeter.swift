import GateHost
import Platform

/// Sums up the time and the allocations of each step of a batch.
struct StepMeter {
    enum Step: Int, CaseIterable {
        case parse, records, decide, encode
    }

    private(set) var nanoseconds = [UInt64](repeating: 0, count: Step.allCases.count)
    private(set) var allocations = [Int](repeating: 0, count: Step.allCases.count)
    private var started: UInt64 = 0
    private var meter = AllocationMeter()

    mutating func begin() {
        meter = AllocationMeter()
        started = Monotonic.nanoseconds()
    }

    /// Ends a step and begins the next one.
    mutating func end(_ step: Step) {
        nanoseconds[step.rawValue] += Monotonic.nanoseconds() &- started
        allocations[step.rawValue] += meter.allocations
        begin()
    }
}
