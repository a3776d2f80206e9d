import Foundation
import Glibc

/// A process that computes until it is stopped.
final class BusyProcess {
    private let process = Process()

    /// Must be called on the main thread: the process is killed when the thread that started it ends.
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
