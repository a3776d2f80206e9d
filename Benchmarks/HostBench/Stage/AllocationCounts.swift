import Foundation

/// The allocation counter's counts of a process, read from the file of three numbers that it maps.
struct AllocationCounts {
    let allocations: UInt64
    let frees: UInt64
    let bytes: UInt64

    static func file(_ stage: Stage) -> String { stage.folder.appending(path: "allocations").path }

    init(_ stage: Stage) throws {
        let data = try Data(contentsOf: URL(filePath: Self.file(stage)))
        guard data.count >= 24 else { throw BenchError("the allocation counter's file has \(data.count) bytes") }
        let numbers = data.withUnsafeBytes { bytes in
            (0..<3).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self) }
        }
        (allocations, frees, bytes) = (numbers[0], numbers[1], numbers[2])
        guard allocations > 0 else { throw BenchError("the allocation counter counted nothing: was it loaded?") }
    }
}
