package import Foundation
import Platform

/// A `gatehost` process of this build, for tests that kill it or read its output.
// Safe: its properties never change after init, and `Process` locks its own state.
package final class HostProcess: @unchecked Sendable {
    private let process = Process()
    private let output = Pipe()
    private let errors: Pipe

    /// The program of this build.
    package static var gatehost: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("gatehost")
    }

    /// - Parameter errors: the pipe of its log.
    package convenience init(
        _ arguments: [String], environment: [String: String] = [:], errors: Pipe = Pipe()
    ) throws {
        try self.init(executable: Self.gatehost, arguments, environment: environment, errors: errors)
    }

    package init(
        executable: URL, _ arguments: [String], environment: [String: String] = [:], errors: Pipe = Pipe()
    ) throws {
        self.errors = errors
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "METRICS_PORT": "0"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    package var isRunning: Bool { process.isRunning }

    package func signal(_ number: Int32) {
        _ = kill(process.processIdentifier, number)
    }

    /// The processes that it has started; empty if it has ended.
    package var children: [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return all.filter { id in
            let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
            return status.contains("\nPPid:\t\(process.processIdentifier)\n")
        }
    }

    /// The most memory that the process has had so far; `nil` if it has ended.
    package var peakResidentBytes: Int? {
        let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        return status?.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) }.map { $0 * 1_024 }
    }

    /// Kills the process with SIGKILL and waits for its end.
    package func crash() {
        signal(SIGKILL)
        process.waitUntilExit()
    }

    package struct Result: Sendable {
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// Waits for the end of the process, at most `seconds`.
    package func finish(within seconds: Double = 60) async throws -> Result {
        async let output = Self.text(of: self.output)
        async let errors = Self.text(of: self.errors)
        try await eventually("the end of gatehost", within: seconds) { !process.isRunning }
        return Result(status: process.terminationStatus, output: await output, errors: await errors)
    }

    private static func text(of pipe: Pipe) async -> String {
        await onBlockingThread(named: "process-output") {
            String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
    }

    /// Discards the output, so that a long run never blocks on a full pipe.
    package func discardOutput() {
        output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
        errors.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    }
}

/// A temporary folder that is deleted with its object.
package final class TemporaryFolder {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "gatehost-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}
