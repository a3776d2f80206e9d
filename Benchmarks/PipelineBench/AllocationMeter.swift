import AllocationCounter
import Glibc

/// Counts heap allocations, with the allocator that this program is linked with.
struct AllocationMeter {
    private let start = allocation_counts()

    /// The allocations of all threads since the meter was made.
    var allocations: Int { Int(truncatingIfNeeded: allocation_counts().allocations &- start.allocations) }
    var bytes: Int { Int(truncatingIfNeeded: allocation_counts().bytes &- start.bytes) }

    /// Checks that the counter counts. Zero allocations is the hoped-for result, and a broken counter reports it too.
    static func prove() throws {
        let expected = 1_000
        let blocks = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: expected)
        defer { blocks.deallocate() }
        try check("malloc", expected) { for index in 0..<expected { blocks[index] = malloc(24) } }
        for index in 0..<expected { free(blocks[index]) }

        var objects: [Instance] = []
        objects.reserveCapacity(expected)
        try check("Swift objects", expected) { for index in 0..<expected { objects.append(Instance(index)) } }
        try check("nothing", 0) { for object in objects { object.value += 1 } }
        guard objects.reduce(0, { $0 + $1.value }) == (1...expected).reduce(0, +) else {
            throw PipelineBenchError("the counted objects are not there")
        }
    }

    private final class Instance {
        var value: Int
        init(_ value: Int) { self.value = value }
    }

    private static func check(_ what: String, _ expected: Int, _ body: () -> Void) throws {
        let meter = AllocationMeter()
        body()
        let counted = meter.allocations
        guard counted == expected else {
            throw PipelineBenchError("the allocation counter counted \(counted) of \(expected) allocations by \(what)")
        }
    }
}
