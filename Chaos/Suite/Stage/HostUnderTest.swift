import EmbeddedRedis
import Foundation
import Glibc

/// A supervised host: the supervisor that the suite started, and the worker that the supervisor runs.
final class HostUnderTest {
    let log: URL
    let admin: AdminClient
    private let process = Process()
    private static let patience: Duration = .seconds(20)

    /// The options of a host's start, besides its deployment.
    struct Start {
        var environment: [String: String] = [:]
        /// A command that executes the host, with its arguments.
        var wrapper: [String] = []
        var isSupervised = true
    }

    /// Must be called on the main thread: the kernel kills the host when the thread that started it ends, so that no
    /// host outlives a killed suite.
    init(_ program: String, deployment: URL, log: URL, _ start: Start = Start()) throws {
        self.log = log
        let port = try freeLoopbackPorts(1)[0]
        admin = AdminClient(port: port)
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        defer { try? output.close() }
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["setpriv", "--pdeathsig", "KILL", "--"] + start.wrapper + [program, "run", "--config", deployment.path]
            + (start.isSupervised ? [] : ["--unsupervised"])
        // A trap must not spend seconds on its backtrace.
        let environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "METRICS_PORT": "\(port)", "SWIFT_BACKTRACE": "enable=no",
        ]
        process.environment = environment.merging(start.environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    var identifier: pid_t { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// The worker's process; `nil` while there is none.
    var worker: pid_t? { ProcessTable.children(of: identifier).first { ProcessTable.isRunning($0) } }

    /// Waits for the worker and returns its process.
    func startedWorker() throws -> pid_t {
        var found: pid_t?
        try wait(for: "a worker", upTo: Self.patience) {
            found = worker
            return found != nil
        }
        guard let found else { throw Failure("no worker") }
        return found
    }

    /// Waits until the host reports that it is ready.
    func waitUntilReady() throws {
        try wait(
            for: "a host that is ready; its log ends with:\n\(logTail)", upTo: Self.patience, every: .milliseconds(10)
        ) {
            guard isRunning else {
                throw Failure("the host has ended with status \(process.terminationStatus):\n\(logTail)")
            }
            return admin.get("/health/ready")?.status == 200
        }
    }

    /// Kills the supervisor with SIGKILL and expects the worker to end with it.
    func crash() throws {
        let worker = worker
        kill(identifier, SIGKILL)
        process.waitUntilExit()
        guard let worker else { return }
        // A stopped worker cannot notice that its supervisor has ended.
        kill(worker, SIGCONT)
        do {
            try wait(for: "the worker's end after its supervisor's", upTo: .seconds(5)) {
                !ProcessTable.isRunning(worker)
            }
        } catch {
            kill(worker, SIGKILL)
            throw error
        }
    }

    /// Stops the host with SIGTERM and expects a clean end.
    func stop() throws {
        kill(identifier, SIGTERM)
        try wait(for: "the host to stop on SIGTERM; its log ends with:\n\(logTail)", upTo: Self.patience) {
            !process.isRunning
        }
        try expect(
            process.terminationReason == .exit && process.terminationStatus == 0,
            "the host stopped with status \(process.terminationStatus):\n\(logTail)")
    }

    /// Waits for the host to end by itself and returns its status.
    func end() throws -> Int32 {
        try wait(for: "the host's end", upTo: Self.patience) { !process.isRunning }
        return process.terminationStatus
    }

    /// A metric's value; `name` includes the labels as the exposition prints them.
    func metric(_ name: String) -> Double? {
        guard let body = admin.get("/metrics")?.body else { return nil }
        return body.split(separator: "\n").first { $0.hasPrefix("\(name) ") }.flatMap {
            Double($0.dropFirst(name.count + 1))
        }
    }

    /// Waits until the metric has the value.
    func metric(_ name: String, becomes value: Double, upTo limit: Duration = .seconds(20)) throws {
        var last: Double?
        try wait(
            for: "\(name) \(value); last: \(last.map { "\($0)" } ?? "none")", upTo: limit, every: .milliseconds(20)
        ) {
            last = metric(name)
            return last == value
        }
    }

    /// Resets a gate's breaker.
    func reset(_ gate: String) throws {
        try expect(admin.post("/gates/\(gate)/reset")?.status == 200, "POST /gates/\(gate)/reset was refused")
    }

    var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
    var logTail: String { logText.split(separator: "\n").suffix(8).joined(separator: "\n") }
}
