import Foundation
import TestSupport

/// A `portfolio-risk-governor` process of this build.
struct Command {
    let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    init(_ arguments: [String], _ environment: [String: String] = [:]) throws {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        // The executable has the name of its target, or of its product if the package declares one.
        let names = ["portfolio-risk-governor", "PortfolioRiskCLI"].map { folder.appendingPathComponent($0) }
        process.executableURL = names.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// The output after the process has ended. The texts are far smaller than the buffer of a pipe.
    func finish() async throws -> (status: Int32, output: String, errors: String) {
        try await eventually("the command's end") { !process.isRunning }
        return (
            process.terminationStatus,
            String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        )
    }
}
