import EmbeddedRedis
@testable import Redis
import Testing
import TestSupport

@Suite("Finding the master")
struct MasterDiscoveryTests {
    private func url(_ ports: [Int], _ master: String = "m", _ query: String = "") -> String {
        "sentinel://\(ports.map { "127.0.0.1:\($0)" }.joined(separator: ","))/\(master)\(query)"
    }

    private func master() throws -> (server: EmbeddedRedisServer, port: Int) {
        let port = try freePort()
        return (try EmbeddedRedisServer(extraArguments: ["--port", "\(port)", "--bind", "127.0.0.1"]), port)
    }

    private func connect(_ url: String, connectTimeout: Duration = .seconds(2)) throws(RedisError) -> RedisConnection {
        guard var configuration = try? RedisConfiguration(url: url) else {
            throw RedisError(code: .replyUnexpected, message: "no URL")
        }
        configuration.connectTimeout = connectTimeout
        return try RedisConnection(configuration)
    }

    @Test("takes the answer of the highest epoch: a partitioned sentinel still names the old master")
    func epochs() throws {
        let (server, port) = try master()
        defer { server.stop() }
        let stale = try freePort()
        for epochs in [(1, 2), (2, 1), (nil, 0)] as [(Int?, Int?)] {
            let first = try ScriptedPeer.sentinel(
                naming: (epochs.0 ?? -1) > (epochs.1 ?? -1) ? port : stale, epoch: epochs.0)
            let second = try ScriptedPeer.sentinel(
                naming: (epochs.0 ?? -1) > (epochs.1 ?? -1) ? stale : port, epoch: epochs.1)
            let connection = try connect(url([first.port, second.port]))
            #expect(try connection.command("PING").text == "PONG")
            #expect(connection.server.address == .tcp(host: "127.0.0.1", port: port))
            #expect(connection.server.redactedURL == "redis://127.0.0.1:\(port)/0")
        }
    }

    @Test("uses the sentinels that answer and waits a bounded time for each of the others")
    func someAnswer() throws {
        let (server, port) = try master()
        defer { server.stop() }
        let silent = try RoguePeer(answering: nil)
        let ignorant = try ScriptedPeer.sentinel(naming: nil, epoch: nil)
        let good = try ScriptedPeer.sentinel(naming: port, epoch: 0)
        let start = ContinuousClock.now
        let connection = try connect(
            url([try freePort(), silent.port, ignorant.port, good.port]), connectTimeout: .seconds(60))
        #expect(try connection.command("PING").text == "PONG")
        #expect(ContinuousClock.now - start < MasterDiscovery.longestWait * 4)
    }

    @Test("reports the failure of every sentinel if none names a master")
    func noneAnswers() throws {
        let ignorant = try ScriptedPeer.sentinel(naming: nil, epoch: nil)
        let gone = try freePort()
        let error = #expect(throws: RedisError.self) { try connect(url([ignorant.port, gone])) }
        #expect(
            error
                == RedisError(
                    code: .connectFailed,
                    message: """
                        no sentinel named the master 'm': \
                        the sentinel at 127.0.0.1:\(ignorant.port) knows no master 'm'; \
                        cannot connect to redis://127.0.0.1:\(gone)/0: Connection refused
                        """))
        #expect(error?.isRetryable == true)
        let refused = #expect(throws: RedisError.self) { try connect(url([gone])) }
        #expect(refused?.code == .connectionRefused)
    }

    static let answers: [String] = [
        "+OK\r\n", "*0\r\n", ScriptedPeer.array(["127.0.0.1"]), ScriptedPeer.array(["", "1"]),
        ScriptedPeer.array(["h\0x", "1"]),
        ScriptedPeer.array(["h", "0"]), ScriptedPeer.array(["h", "65536"]), ScriptedPeer.array(["h", "x"]),
        "*2\r\n*0\r\n:1\r\n",
    ]

    @Test("refuses an invalid address", arguments: answers)
    func garbage(_ answer: String) throws {
        let peer = try ScriptedPeer { $0.first == "SENTINEL" ? answer : "+PONG\r\n" }
        let error = #expect(throws: RedisError.self) { try connect(url([peer.port])) }
        #expect(
            error?.message.hasSuffix("the sentinel at 127.0.0.1:\(peer.port) gave an invalid address") == true,
            "\(error?.message ?? "")")
        #expect(error?.isConnectionLost == true)
    }

    @Test(
        "refuses a server whose role is not master or not known",
        arguments: ["slave", "sentinel", "nothing", "NOPERM"])
    func role(_ role: String) throws {
        let demoted = try ScriptedPeer { command in
            switch (command.first, role) {
            case ("ROLE", "NOPERM"): "-NOPERM this user has no permissions\r\n"
            case ("ROLE", "nothing"): "*0\r\n"
            case ("ROLE", _): ScriptedPeer.array([role])
            default: "+PONG\r\n"
            }
        }
        let sentinel = try ScriptedPeer.sentinel(naming: demoted.port, epoch: 1)
        let error = #expect(throws: RedisError.self) { try connect(url([sentinel.port])) }
        let server = "Redis at redis://127.0.0.1:\(demoted.port)/0"
        let message =
            role == "NOPERM"
            ? "\(server) refused to tell its role, so it is not used: NOPERM this user has no permissions"
            : "\(server) is not a master, although a sentinel named it: its role is \(role)"
        #expect(error?.message == message)
        #expect(error?.isConnectionLost == true)
        #expect(demoted.commands == [["PING"], ["ROLE"]])
    }

    @Test("logs in to the sentinel and to the master with separate logins")
    func logins() throws {
        let port = try freePort()
        let server = try EmbeddedRedisServer(extraArguments: [
            "--port", "\(port)", "--bind", "127.0.0.1", "--requirepass", "mpw",
        ])
        defer { server.stop() }
        let sentinelPort = try freePort()
        let sentinel = try EmbeddedRedisServer.sentinel(
            port: sentinelPort, watching: "m", at: port, extraLines: ["requirepass spw", "sentinel auth-pass m mpw"])
        defer { sentinel.stop() }
        let host = "127.0.0.1:\(sentinelPort)"
        let connection = try connect("sentinel://:mpw@\(host)/m?db=2&sentinel_password=spw")
        #expect(try connection.command("PING").text == "PONG")
        #expect(connection.server.database == 2)
        for (url, text) in [
            ("sentinel://:mpw@\(host)/m", "NOAUTH"), ("sentinel://:mpw@\(host)/m?sentinel_password=wrong", "WRONGPASS"),
            ("sentinel://\(host)/m?sentinel_password=spw", "NOAUTH"),
            ("sentinel://:wrong@\(host)/m?sentinel_password=spw", "WRONGPASS"),
        ] {
            let error = #expect(throws: RedisError.self) { try connect(url) }
            #expect(error?.code == .authenticationFailed)
            #expect(error?.isRetryable == false)
            #expect(error?.message.contains(text) == true)
            #expect(error?.message.contains("wrong") == false)
        }
    }

    @Test("follows a failover: a new connection reaches the promoted replica and its data")
    func failover() async throws {
        let set = try EmbeddedReplicaSet()
        defer { set.stop() }
        let first = try connect(set.url)
        #expect(first.server.address == .tcp(host: "127.0.0.1", port: set.ports[0]))
        _ = try first.command("SET", "k", "before")
        #expect(try first.command("WAIT", "1", "5000").integer == 1)

        set.servers[0].kill()
        #expect(throws: RedisError.self) { try first.command("SET", "k", "lost") }
        #expect(!first.isUsable)
        var promoted: RedisConnection?
        try await eventually("the promotion") {
            promoted = try? connect(set.url)
            return promoted != nil
        }
        #expect(promoted?.server.address == .tcp(host: "127.0.0.1", port: set.ports[1]))
        #expect(try promoted?.command("GET", "k").text == "before")
    }

    @Test("a master demoted under an open connection answers READONLY, which is retryable")
    func demotion() throws {
        let (server, port) = try master()
        defer { server.stop() }
        let sentinel = try ScriptedPeer.sentinel(naming: port, epoch: 1)
        let connection = try connect(url([sentinel.port]))
        let admin = try RedisConnection(RedisConfiguration(url: server.url))
        _ = try admin.command("REPLICAOF", "127.0.0.1", "\(try freePort())")
        let error = #expect(throws: RedisError.self) { try connection.command("SET", "k", "v") }
        #expect(error?.serverError?.prefix == "READONLY")
        #expect(error?.isRetryable == true)
        let again = #expect(throws: RedisError.self) { try connect(url([sentinel.port])) }
        #expect(
            again?.message
                == """
                Redis at redis://127.0.0.1:\(port)/0 is not a master, \
                although a sentinel named it: its role is slave
                """
        )
    }
}
