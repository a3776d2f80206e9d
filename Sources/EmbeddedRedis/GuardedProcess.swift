internal import Glibc

/// A child process and the shell that guards it.
///
/// The shell is the child's parent, so it always kills the right process: the system gives no other process the id of
/// an unreaped child. The shell reads from a socket to this process. Any line ends the child. So does the end of file,
/// which comes when this process ends, even by SIGKILL. Unless the line is `keep`, the shell also removes the folder.
/// PDEATHSIG would be simpler, but it fires when the *thread* that started the child ends.
struct GuardedProcess: Sendable {
    static let logName = "redis.log"
    private static let script = """
        folder=$1; shift
        "$@" & child=$!
        echo "$child" >&3; exec 3>&-
        read -r word
        kill -KILL "$child" 2>/dev/null; wait "$child" 2>/dev/null
        [ "$word" = keep ] || rm -rf -- "$folder"
        """
    private static let terminationTimeout: Duration = .seconds(5)

    let folder: String
    /// The child's process id. No other process gets it before `end`.
    let identifier: Int32
    private let shell: Int32
    /// Our end of the shell's standard input.
    private let control: Int32
    /// Only the child holds the other end, so end of file means that the child has ended.
    let liveness: Int32

    init(_ arguments: [String], folder: String) throws(EmbeddedRedisError) {
        let control = try socketPair()
        let liveness: (ours: Int32, theirs: Int32)
        do {
            liveness = try socketPair()
        } catch {
            close(control.ours)
            close(control.theirs)
            throw error
        }
        var shell: Int32 = 0
        let status = spawn(
            ["/bin/sh", "-c", Self.script, "redis-guard", folder] + arguments,
            input: control.theirs, output: "\(folder)/\(Self.logName)", third: liveness.theirs, process: &shell
        )
        close(control.theirs)
        close(liveness.theirs)
        guard status == 0 else {
            close(control.ours)
            close(liveness.ours)
            throw systemError("posix_spawn /bin/sh", status)
        }
        self.folder = folder
        self.shell = shell
        self.control = control.ours
        self.liveness = liveness.ours
        identifier = readIdentifier(from: liveness.ours)
        guard identifier > 0 else {
            end(keepingFolder: false)
            throw EmbeddedRedisError(message: "the shell that starts redis-server ended early")
        }
    }

    /// Asks the child to shut down, and waits for its end, up to a time limit.
    func terminate() {
        Glibc.kill(identifier, SIGTERM)
        _ = ended(within: Self.terminationTimeout)
    }

    /// Waits for the child's end. False if it still runs.
    func ended(within timeout: Duration) -> Bool {
        let deadline = ContinuousClock.now + timeout
        var descriptor = pollfd(fd: liveness, events: Int16(POLLIN), revents: 0)
        while true {
            let remaining = deadline - ContinuousClock.now
            let count = poll(&descriptor, 1, Int32(clamping: Int64(max(remaining, .zero) / .milliseconds(1))))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// Ends the child if it still runs, and the shell, and leaves no zombie. The value must not be used afterwards.
    func end(keepingFolder: Bool) {
        if keepingFolder {
            // Not `write`: that would raise SIGPIPE if the shell was killed.
            _ = "keep\n".utf8.withContiguousStorageIfAvailable {
                send(control, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        }
        close(control)
        if !reaped(within: Self.terminationTimeout) {
            // The shell leads a process group of its own, with the child in it.
            killpg(shell, SIGKILL)
            while waitpid(shell, nil, 0) == -1, errno == EINTR {}
        }
        close(liveness)
    }

    private func reaped(within timeout: Duration) -> Bool {
        let deadline = ContinuousClock.now + timeout
        while waitpid(shell, nil, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else { return false }
            usleep(500)
        }
        return true
    }
}

func systemError(_ call: String, _ cause: Int32) -> EmbeddedRedisError {
    EmbeddedRedisError(message: "\(call): \(String(cString: strerror(cause)))")
}

/// Close-on-exec: if another child inherited our end, this child's shell would not see our death.
private func socketPair() throws(EmbeddedRedisError) -> (ours: Int32, theirs: Int32) {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
        throw systemError("socketpair", errno)
    }
    return (pair[0], pair[1])
}

/// The shell's first line, bounded in length. The shell writes it at once, or has ended.
private func readIdentifier(from descriptor: Int32) -> Int32 {
    var digits: [UInt8] = []
    var byte: UInt8 = 0
    while digits.count < 11 {
        let count = read(descriptor, &byte, 1)
        if count == -1, errno == EINTR { continue }
        guard count == 1, byte != UInt8(ascii: "\n") else { break }
        digits.append(byte)
    }
    return Int32(String(decoding: digits, as: UTF8.self)) ?? 0
}
