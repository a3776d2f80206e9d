internal import Glibc

extension EmbeddedRedisServer {
    /// Starts a sentinel that watches the master at a loopback port, and fails it over within a second or two of its
    /// end.
    /// - Parameters:
    ///   - quorum: the number of sentinels that must agree that the master is down.
    ///   - extraLines: further lines of its configuration, such as `requirepass secret`.
    package static func sentinel(
        port: Int, watching master: String, at masterPort: Int, quorum: Int = 1, extraLines: [String] = []
    ) throws(EmbeddedRedisError) -> EmbeddedRedisServer {
        try EmbeddedRedisServer { (folder, socketPath) throws(EmbeddedRedisError) in
            // A sentinel writes its state into its configuration file, so it must have one.
            let path = "\(folder)/sentinel.conf"
            let lines = [
                "port \(port)", "bind 127.0.0.1", "unixsocket \(socketPath)", "dir \(folder)",
                "sentinel monitor \(master) 127.0.0.1 \(masterPort) \(quorum)",
                "sentinel down-after-milliseconds \(master) 500",
                "sentinel failover-timeout \(master) 5000",
            ]
            try write((lines + extraLines).map { $0 + "\n" }.joined(), to: path)
            return [path, "--sentinel"]
        }
    }
}

private func write(_ text: String, to path: String) throws(EmbeddedRedisError) {
    guard let file = fopen(path, "we") else { throw systemError("fopen \(path)", errno) }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else { throw systemError("writing \(path)", errno) }
}
