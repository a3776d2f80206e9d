import Glibc

/// File descriptors to wait for with `pselect`, whose timeout is in nanoseconds; that of `poll` is in milliseconds.
struct DescriptorSet {
    private static let capacity: Int32 = 1_024

    var raw = fd_set()

    /// Leaves out a descriptor beyond the set's capacity; its data then waits for the timeout.
    mutating func insert(_ descriptor: Int32) {
        guard (0..<Self.capacity).contains(descriptor) else { return }
        // Safe: the set has a bit for each descriptor below its capacity.
        withUnsafeMutableBytes(of: &raw) { $0[Int(descriptor) / 8] |= 1 << UInt8(descriptor % 8) }
    }

    func contains(_ descriptor: Int32) -> Bool {
        guard (0..<Self.capacity).contains(descriptor) else { return false }
        // Safe: as above.
        return withUnsafeBytes(of: raw) { $0[Int(descriptor) / 8] & 1 << UInt8(descriptor % 8) != 0 }
    }
}
