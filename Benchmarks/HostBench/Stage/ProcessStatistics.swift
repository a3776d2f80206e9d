import Foundation
import Glibc

/// The processor time of a process, in user and kernel mode, of all its threads.
struct ProcessStatistics {
    let processor: Duration

    init(of identifier: Int32) throws {
        let text = try String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)
        // The second field is the program's name in parentheses, which may contain blanks and parentheses.
        guard let name = text.lastIndex(of: ")") else {
            throw BenchError("/proc/\(identifier)/stat is not what proc(5) says")
        }
        let fields = text[text.index(after: name)...].split(separator: " ")
        let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
        // utime and stime are fields 14 and 15; this list begins with field 3.
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]), ticksPerSecond > 0 else {
            throw BenchError("/proc/\(identifier)/stat is not what proc(5) says")
        }
        processor = .seconds(user + system) / ticksPerSecond
    }

    func microseconds(since earlier: ProcessStatistics) -> Double {
        (processor - earlier.processor) / .microseconds(1)
    }

    /// The memory that the process holds, in KiB.
    static func residentKiB(of identifier: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard
            let number = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
        else {
            throw BenchError("/proc/\(identifier)/status has no VmRSS")
        }
        return number
    }
}
