internal import Glibc

/// A master, its replica and the sentinels that watch them, on free loopback ports: for tests of failover.
///
/// Each can be killed and restarted alone. All end with the last reference to this object.
package final class EmbeddedReplicaSet: Sendable {
    package static let masterName = "mymaster"
    private static let startAttempts = 3
    private static let readyTimeout: Duration = .seconds(30)
    private static let questionMilliseconds: Int32 = 500

    /// The first master, then its replica.
    package let servers: [EmbeddedRedisServer]
    package let ports: [Int]
    package let sentinels: [EmbeddedRedisServer]
    package let sentinelPorts: [Int]

    /// Starts them all, and waits until the replica follows its master and every sentinel knows all others.
    /// - Parameter extraArguments: further options of both servers.
    package init(sentinels count: Int = 1, appendOnly: Bool = false, extraArguments: [String] = [])
        throws(EmbeddedRedisError)
    {
        let parts = try Self.started(sentinels: count, appendOnly: appendOnly, extraArguments: extraArguments)
        (servers, ports, sentinels, sentinelPorts) = parts
        let deadline = ContinuousClock.now + Self.readyTimeout
        while !isReady {
            guard ContinuousClock.now < deadline else {
                throw EmbeddedRedisError(
                    message: "the replica and the sentinels did not find each other within \(Self.readyTimeout)")
            }
            usleep(10_000)
        }
    }

    deinit {
        stop()
    }

    package var url: String {
        "sentinel://\(sentinelPorts.map { "127.0.0.1:\($0)" }.joined(separator: ","))/\(Self.masterName)"
    }

    package func stop() {
        for server in sentinels + servers { server.stop() }
    }

    private typealias Parts = ([EmbeddedRedisServer], [Int], [EmbeddedRedisServer], [Int])

    /// Another process may take a port between the search and the start.
    private static func started(sentinels count: Int, appendOnly: Bool, extraArguments: [String])
        throws(EmbeddedRedisError) -> Parts
    {
        var failure: EmbeddedRedisError?
        for _ in 0..<startAttempts {
            do throws(EmbeddedRedisError) {
                let ports = try freeLoopbackPorts(2 + count)
                let (serverPorts, sentinelPorts) = (Array(ports.prefix(2)), Array(ports.dropFirst(2)))
                var servers: [EmbeddedRedisServer] = []
                for (index, port) in serverPorts.enumerated() {
                    let following = index == 0 ? [] : ["--replicaof", "127.0.0.1", "\(serverPorts[0])"]
                    // Without this delay the first copy is sent at once.
                    let arguments = ["--port", "\(port)", "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0"]
                    servers.append(
                        try EmbeddedRedisServer(
                            appendOnly: appendOnly, extraArguments: arguments + following + extraArguments))
                }
                var sentinels: [EmbeddedRedisServer] = []
                for port in sentinelPorts {
                    sentinels.append(
                        try .sentinel(port: port, watching: masterName, at: serverPorts[0], quorum: count / 2 + 1))
                }
                return (servers, serverPorts, sentinels, sentinelPorts)
            } catch {
                failure = error
            }
        }
        throw failure ?? EmbeddedRedisError(message: "no start was tried")
    }

    private var isReady: Bool {
        guard Self.answer(to: "INFO replication", of: servers[0]).contains("state=online") else { return false }
        return sentinels.allSatisfy { sentinel in
            let lines = Self.answer(to: "SENTINEL MASTER \(Self.masterName)", of: sentinel).split(
                whereSeparator: \.isNewline)
            func value(_ name: String) -> Substring? {
                lines.firstIndex { $0 == name }.flatMap { $0 + 2 < lines.count ? lines[$0 + 2] : nil }
            }
            return value("num-slaves") == "1" && value("num-other-sentinels") == "\(sentinels.count - 1)"
        }
    }

    private static func answer(to command: String, of server: EmbeddedRedisServer) -> String {
        EmbeddedRedis.answer(to: command, at: server.socketPath, within: questionMilliseconds)
    }
}
