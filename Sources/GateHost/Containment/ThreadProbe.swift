import Foundation
import Glibc

/// Observes a thread of this process from outside, through the kernel's files in /proc.
struct ThreadProbe: Sendable {
    private let path: String

    /// A probe of the calling thread; `nil` if there is no /proc.
    static func current() -> ThreadProbe? {
        var target = [CChar](repeating: 0, count: 64)
        let length = readlink("/proc/thread-self", &target, target.count - 1)
        guard length > 0, length < target.count else { return nil }
        return ThreadProbe(
            path: "/proc/" + String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Nanoseconds of processor time so far; `nil` if the kernel does not count them.
    var processorTime: UInt64? {
        text("schedstat")?.split(separator: " ").first.flatMap { UInt64($0) }
    }

    /// Whether the thread is blocked voluntarily. A thread that is ready to run is not, nor is one that waits for a
    /// disk.
    var isWaiting: Bool {
        // The state follows the thread's name, which stands in parentheses and may itself hold parentheses.
        guard let state = text("stat")?.split(separator: ") ").last?.first else { return true }
        return state != "R" && state != "D"
    }

    private func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }
}
