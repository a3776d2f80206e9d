import Foundation
import Glibc

/// A program that runs on a stage; its output goes to a log in the stage's folder.
final class ChildProcess {
    private static let stopTimeout: Duration = .seconds(10)
    private let name: String
    private let process = Process()
    let log: URL

    /// Must be called on the main thread: the kernel kills the child when the thread that started it ends, so that no
    /// child outlives a killed bench.
    /// - Parameters:
    ///   - log: the name of the log, unique on the stage.
    ///   - core: the only core to run on; `nil` for all.
    init(_ name: String, _ command: [String], log: String, core: Int?, _ stage: Stage) throws {
        self.name = name
        self.log = stage.folder.appending(path: "\(log).log")
        try Data().write(to: self.log)
        let output = try FileHandle(forWritingTo: self.log)
        defer { try? output.close() }
        process.executableURL = URL(filePath: "/usr/bin/env")
        let cores = core.map { ["taskset", "--cpu-list", "\($0)"] } ?? []
        process.arguments = ["setpriv", "--pdeathsig", "KILL", "--"] + cores + command
        // The system chooses the port, so that the host serves metrics as in production and collides with nothing. No
        // other variable of the environment may change the measurement.
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "METRICS_PORT": "0",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func checkRunning() throws {
        guard !process.isRunning else { return }
        throw BenchError("\(name) ended early, with status \(process.terminationStatus):\n\(logTail)")
    }

    /// Stops the program with SIGTERM and expects a clean end.
    func stop() throws {
        process.terminate()
        try waitForEnd(upTo: Self.stopTimeout, orElse: "\(name) did not stop on SIGTERM")
    }

    /// Waits for a program that ends by itself, and expects a clean end.
    func waitForEnd(upTo limit: Duration, orElse message: @autoclosure () -> String) throws {
        try wait(upTo: limit, every: .milliseconds(2), orElse: message()) { !process.isRunning }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw BenchError("\(name) ended with status \(process.terminationStatus):\n\(logTail)")
        }
    }

    private var logTail: String {
        let text = (try? Data(contentsOf: log)).map { String(decoding: $0.suffix(4_096), as: UTF8.self) } ?? ""
        return text.split(separator: "\n").suffix(10).joined(separator: "\n")
    }
}
