internal import Glibc
internal import Synchronization

/// A private redis-server on a unix socket in a temporary folder of its own: for the demo, tests and benchmarks.
///
/// The server ends and its folder is removed at `stop`, with the last reference, or with this process, even if SIGKILL
/// ends it.
package final class EmbeddedRedisServer: Sendable {
    package let socketPath: String
    package let folder: String
    private let arguments: [String]
    private let state: Mutex<State>

    private enum State {
        case running(GuardedProcess)
        case killed
        case stopped
    }

    /// Starts the server and waits until it answers.
    /// - Parameters:
    ///   - appendOnly: keep data across `kill` and `restart`, to the last write.
    ///   - extraArguments: further redis-server options, `["--maxmemory", "10mb"]`.
    package convenience init(appendOnly: Bool = false, extraArguments: [String] = []) throws(EmbeddedRedisError) {
        try self.init { (folder, socketPath) throws(EmbeddedRedisError) in
            ["--port", "0", "--unixsocket", socketPath, "--dir", folder, "--daemonize", "no", "--save", ""]
                + (appendOnly ? ["--appendonly", "yes", "--appendfsync", "always"] : [])
                + extraArguments
        }
    }

    /// Starts the server with the arguments that are made for its folder, which may be files there; they must let it
    /// serve on the socket.
    init(
        arguments makeArguments: (_ folder: String, _ socketPath: String) throws(EmbeddedRedisError) -> [String]
    ) throws(EmbeddedRedisError) {
        let program = try executable("redis-server", hint: "apt-get install redis-server")
        let folder = try makeTemporaryFolder()
        let socketPath = "\(folder)/redis.sock"
        let arguments: [String]
        let process: GuardedProcess
        do {
            arguments = [program] + (try makeArguments(folder, socketPath))
            process = try Self.launch(arguments, in: folder, socketPath: socketPath)
        } catch {
            removeFolder(folder)
            throw error
        }
        self.folder = folder
        self.socketPath = socketPath
        self.arguments = arguments
        state = Mutex(.running(process))
    }

    deinit {
        stop()
    }

    package var url: String { "unix://\(socketPath)" }

    /// The process id of redis-server, or 0 while it does not run.
    package var processIdentifier: Int32 {
        state.withLock { state in
            if case .running(let process) = state { process.identifier } else { 0 }
        }
    }

    /// Ends the server by SIGKILL, as a crash would. Its folder stays for `restart`.
    package func kill() {
        state.withLock { state in
            guard case .running(let process) = state else { return }
            process.end(keepingFolder: true)
            state = .killed
        }
    }

    /// Starts the server again in its folder, with the data that it kept there. Shuts a running server down first.
    package func restart() throws(EmbeddedRedisError) {
        try state.withLock { (state) throws(EmbeddedRedisError) in
            switch state {
            case .stopped:
                throw EmbeddedRedisError(message: "the embedded redis-server was stopped: its folder is gone")
            case .running(let process):
                process.terminate()
                process.end(keepingFolder: true)
                state = .killed
            case .killed:
                break
            }
            do throws(EmbeddedRedisError) {
                state = .running(try Self.launch(arguments, in: folder, socketPath: socketPath))
            } catch {
                removeFolder(folder)
                state = .stopped
                throw error
            }
        }
    }

    /// Shuts the server down and removes its folder.
    package func stop() {
        state.withLock { state in
            switch state {
            case .running(let process):
                process.terminate()
                process.end(keepingFolder: false)
            case .killed:
                removeFolder(folder)
            case .stopped:
                break
            }
            state = .stopped
        }
    }

    private static func launch(_ arguments: [String], in folder: String, socketPath: String) throws(EmbeddedRedisError)
        -> GuardedProcess
    {
        // A killed server leaves its socket file behind. A probe of the new server must not meet that one.
        unlink(socketPath)
        let process = try GuardedProcess(arguments, folder: folder)
        do {
            try process.waitUntilServing(socketPath)
        } catch {
            process.end(keepingFolder: false)
            throw error
        }
        return process
    }
}
