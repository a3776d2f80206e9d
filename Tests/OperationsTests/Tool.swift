import Foundation

/// A program that checks our files, if it is installed.
struct Tool: Sendable {
    let path: String

    static let promtool = Tool("promtool")
    static let systemdAnalyze = Tool("systemd-analyze")

    private init?(_ name: String) {
        guard
            let path = ["/usr/bin/", "/usr/local/bin/"].map({ $0 + name }).first(
                where: FileManager.default.isExecutableFile)
        else { return nil }
        self.path = path
    }

    struct Result {
        let status: Int32
        /// Both streams.
        let output: String
    }

    func run(_ arguments: [String], in folder: URL = Repository.root) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0", "SYSTEMD_EMOJI": "0",
        ]
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
