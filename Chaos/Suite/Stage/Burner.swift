import Foundation
import Glibc

/// A process that computes until it is stopped.
final class Burner {
    private let process = Process()

    /// On the main thread, like hosts.
    init() throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", "while :; do :; done"]
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
