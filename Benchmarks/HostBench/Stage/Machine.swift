import Foundation
import Glibc
import Redis

/// The machine of the measurements.
struct Machine: Codable {
    let processor: String
    let cores: Int
    let kernel: String
    let redis: String
    /// The load of the minute before the bench, which shows other work on the machine.
    let loadBefore: Double

    init() throws {
        let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }
        processor =
            model?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
        cores = ProcessInfo.processInfo.activeProcessorCount
        var system = utsname()
        uname(&system)
        kernel = withUnsafeBytes(of: &system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var loads = [0.0]
        loadBefore = getloadavg(&loads, 1) == 1 ? loads[0] : 0

        let stage = try Stage()
        defer { stage.close() }
        let information = try stage.connection.command("INFO", "server").text ?? ""
        redis =
            information.split(whereSeparator: \.isNewline).first { $0.hasPrefix("redis_version:") }.map {
                String($0.dropFirst(14))
            } ?? "unknown"
    }
}
