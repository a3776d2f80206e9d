import EmbeddedRedis
import Glibc
import Redis
import TestSupport
import Testing

@Suite("Connecting")
struct RedisConnectTests {
    private func url(_ server: EmbeddedRedisServer, _ login: String) -> String {
        "unix://\(login)@\(server.socketPath)"
    }

    @Test("logs in with a password")
    func password() throws {
        let server = try EmbeddedRedisServer(extraArguments: ["--requirepass", "hunter2"])
        defer { server.stop() }
        #expect(try RedisConnection(RedisConfiguration(url: url(server, ":hunter2"))).command("PING").text == "PONG")
        #expect(
            try RedisConnection(RedisConfiguration(url: url(server, "default:hunter2"))).command("PING").text == "PONG")

        let wrong = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: url(server, ":hunter3")))
        }
        #expect(wrong?.code == .authenticationFailed)
        #expect(wrong?.isRetryable == false)
        #expect(
            wrong?.message
                == """
                Redis at unix://:***@\(server.socketPath) refused the login: \
                WRONGPASS invalid username-password pair or user is disabled.
                """
        )
        let missing = #expect(throws: RedisError.self) { try RedisConnection(RedisConfiguration(url: server.url)) }
        #expect(missing?.code == .authenticationFailed)
        #expect(missing?.message == "Redis at \(server.url) requires a login: NOAUTH Authentication required.")
    }

    @Test("logs in as an ACL user that may not PING")
    func user() throws {
        let server = try EmbeddedRedisServer()
        defer { server.stop() }
        let admin = try RedisConnection(RedisConfiguration(url: server.url))
        _ = try admin.command("ACL", "SETUSER", "gate", "on", ">p@ss/word", "~*", "+get", "+select")
        let connection = try RedisConnection(RedisConfiguration(url: url(server, "gate:p%40ss%2Fword")))
        #expect(try connection.command("GET", "k").isNull)
        let refused = #expect(throws: RedisError.self) { try connection.command("SET", "k", "v") }
        #expect(refused?.serverError?.prefix == "NOPERM")
        #expect(connection.isUsable)
        let wrong = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: url(server, "gate:nope")))
        }
        #expect(wrong?.code == .authenticationFailed)
    }

    @Test("reports a full server as a retryable error")
    func full() throws {
        let server = try EmbeddedRedisServer(extraArguments: ["--maxclients", "1"])
        defer { server.stop() }
        // The client that tested whether the server runs may still be connected.
        var first: RedisConnection?
        while first == nil { first = try? RedisConnection(RedisConfiguration(url: server.url)) }
        // The refusal may come before or after our greeting is written.
        for url in [server.url, url(server, ":pw")] + Array(repeating: server.url, count: 50) {
            let error = #expect(throws: RedisError.self) { try RedisConnection(RedisConfiguration(url: url)) }
            #expect(error?.message.hasSuffix("ERR max number of clients reached") == true, "\(error?.message ?? "")")
            #expect(error?.isRetryable == true)
            #expect(error?.isConnectionLost == true)
        }
        withExtendedLifetime(first) {}
    }

    @Test("connects over TCP")
    func tcp() throws {
        let port = try freePort()
        let server = try EmbeddedRedisServer(extraArguments: ["--port", "\(port)", "--bind", "127.0.0.1"])
        defer { server.stop() }
        for host in ["127.0.0.1", "localhost"] {
            #expect(
                try RedisConnection(RedisConfiguration(url: "redis://\(host):\(port)/1")).command("PING").text == "PONG"
            )
        }
    }

    @Test("reports a refused connection if nothing listens at the port or socket")
    func refused() throws {
        let port = try freePort()
        let tcp = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: "redis://127.0.0.1:\(port)"))
        }
        #expect(
            tcp
                == RedisError(
                    code: .connectionRefused,
                    message: "cannot connect to redis://127.0.0.1:\(port)/0: Connection refused"))
        let unix = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: "unix:///nonexistent/redis.sock"))
        }
        #expect(
            unix
                == RedisError(
                    code: .connectionRefused,
                    message: "cannot connect to unix:///nonexistent/redis.sock: No such file or directory"))
    }

    @Test("refuses impossible paths, ports and hosts")
    func impossible() throws {
        let long = "/" + String(repeating: "x", count: 120)
        let path = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(address: .unix(path: long)))
        }
        #expect(path?.code == .connectFailed)
        let port = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(address: .tcp(host: "127.0.0.1", port: .max)))
        }
        #expect(port?.code == .connectFailed)
        let host = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(address: .tcp(host: "host.invalid", port: 1)))
        }
        #expect(host?.code == .connectFailed)
    }

    @Test(
        "accepts any timeout without a trap",
        arguments: [Duration.zero, .seconds(-1), .seconds(Int64.max), .nanoseconds(1)])
    func oddTimeouts(_ timeout: Duration) throws {
        let server = try EmbeddedRedisServer()
        defer { server.stop() }
        let configuration = RedisConfiguration(
            address: .unix(path: server.socketPath), connectTimeout: timeout, commandTimeout: timeout)
        do {
            #expect(try RedisConnection(configuration).command("PING").text == "PONG")
        } catch {
            #expect(error.code == .timeout)
        }
    }
}
