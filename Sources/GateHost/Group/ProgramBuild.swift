import Foundation
import Platform

/// A hash of the running program's file, which tells two builds from each other.
enum ProgramBuild {
    /// `unknown` if the file cannot be read. Computed once, in less than a tenth of a second.
    static let hash: String = {
        guard let file = try? Data(contentsOf: URL(filePath: "/proc/self/exe"), options: .mappedIfSafe) else {
            return "unknown"
        }
        return file.withUnsafeBytes { bytes in
            var sum: UInt64 = 0xCBF2_9CE4_8422_2325
            var offset = 0
            // Eight bytes at a time: the last ones, fewer than eight, hold no code.
            while offset &+ 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                sum = (sum ^ word) &* 0x0000_0100_0000_01B3
                sum ^= sum >> 29
                offset &+= 8
            }
            var hash = StableHash()
            hash.combine(String(sum, radix: 16).utf8)
            return hash.digits
        }
    }()
}
