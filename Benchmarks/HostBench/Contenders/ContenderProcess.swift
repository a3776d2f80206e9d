import Foundation
import Glibc

/// A contender's process; its output goes to a log in the stage's folder.
final class ContenderProcess {
    private static let stopTimeout: Duration = .seconds(10)
    private let name: String
    private let process = Process()
    private let log: URL

    /// Must be called on the main thread: the kernel kills the child when the thread that started it ends, so that no
    /// contender outlives a killed bench.
    init(_ contender: any Contender, _ stage: Stage, _ scenario: Scenario, number: Int = 0) throws {
        name = contender.name
        log = stage.folder.appending(path: "contender-\(number).log")
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        defer { try? output.close() }
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Several hosts share all cores.
        let cores = scenario.hosts > 1 || !stage.ownCores ? [] : ["taskset", "--cpu-list", "\(Stage.contenderCore)"]
        process.arguments =
            ["setpriv", "--pdeathsig", "KILL", "--"] + cores + (try contender.command(stage, scenario, number: number))
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

    func checkRunning() throws {
        guard !process.isRunning else { return }
        throw BenchError("\(name) ended early, with status \(process.terminationStatus):\n\(logTail)")
    }

    /// Stops the contender with SIGTERM and expects a clean end.
    func stop() throws {
        process.terminate()
        try wait(upTo: Self.stopTimeout, every: .milliseconds(2), orElse: "\(name) did not stop on SIGTERM") {
            !process.isRunning
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw BenchError("\(name) stopped with status \(process.terminationStatus):\n\(logTail)")
        }
    }

    private var logTail: String {
        let text = (try? Data(contentsOf: log)).map { String(decoding: $0.suffix(4_096), as: UTF8.self) } ?? ""
        return text.split(separator: "\n").suffix(10).joined(separator: "\n")
    }
}
