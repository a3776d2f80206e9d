import Foundation

/// Runs small programs of the system, such as git, for their one line of output.
enum HelperProgram {
    struct Result: Sendable {
        let status: Int32
        let output: String
    }

    /// A longer output would not fit into the pipe, and the program would wait until its time is up.
    static let maximumOutputBytes = 64 << 10

    /// `nil` if the program is missing, cannot be started, is killed, or takes longer than `limit`.
    static func run(
        _ name: String, _ arguments: [String], in folder: String, environment: [String: String], within limit: Duration
    ) async -> Result? {
        guard let program = find(name, environment) else { return nil }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let (ends, end) = AsyncStream.makeStream(of: Int32?.self)
        process.terminationHandler = { process in
            end.yield(process.terminationReason == .exit ? process.terminationStatus : nil)
            end.finish()
        }
        guard (try? process.run()) != nil else { return nil }
        let status = try? await withDeadline(limit) {
            var iterator = ends.makeAsyncIterator()
            return await iterator.next() ?? nil
        }
        guard let status else {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            return nil
        }
        return Result(status: status, output: text(of: output.fileHandleForReading.fileDescriptor))
    }

    /// The text in the pipe. A grandchild may still hold its other end, so this does not wait for the end of file.
    private static func text(of pipe: Int32) -> String {
        guard fcntl(pipe, F_SETFL, O_NONBLOCK) == 0 else { return "" }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4 << 10)
        while bytes.count < maximumOutputBytes {
            let count = read(pipe, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func find(_ name: String, _ environment: [String: String]) -> String? {
        (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }.first {
            access($0, X_OK) == 0
        }
    }
}

struct DeadlineExceeded: Error, CustomStringConvertible {
    var description: String { "no answer in time" }
}

/// Cancels the work when its time is up, and throws `DeadlineExceeded`.
func withDeadline<Value: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () async throws -> Value) async throws
    -> Value
{
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlineExceeded()
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw DeadlineExceeded() }
        return first
    }
}
