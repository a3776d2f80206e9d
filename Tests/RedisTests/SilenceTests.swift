import EmbeddedRedis
import Glibc
import TestSupport
import Testing

@testable import Redis

@Suite("A silent peer")
struct SilenceTests {
    @Test(
        "is also given up by the kernel, which drops undelivered bytes",
        arguments: [(10, 1_000), (2_000, 2_000), (60_000, 60_000)])
    func socketOptions(timeout: Int, expected: UInt32) throws {
        let port = try freePort()
        let server = try EmbeddedRedisServer(extraArguments: ["--port", "\(port)", "--bind", "127.0.0.1"])
        defer { server.stop() }
        let connection = try RedisConnection(
            RedisConfiguration(address: .tcp(host: "127.0.0.1", port: port), commandTimeout: .milliseconds(timeout)))
        let descriptor = try #require(connection.context?.pointee.fd)
        func option<Value: FixedWidthInteger>(_ level: Int, _ name: Int32, _ zero: Value) -> Value {
            var value = zero
            var size = socklen_t(MemoryLayout<Value>.size)
            #expect(getsockopt(descriptor, Int32(level), name, &value, &size) == 0)
            return value
        }
        #expect(option(IPPROTO_TCP, TCP_USER_TIMEOUT, UInt32(0)) == expected)
        #expect(option(Int(SOL_SOCKET), SO_KEEPALIVE, Int32(0)) == 1)
        #expect(option(IPPROTO_TCP, TCP_KEEPIDLE, Int32(0)) == 15)
    }

    @Test("costs one command timeout and the connection")
    func stopped() throws {
        let server = try EmbeddedRedisServer()
        defer { server.stop() }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = .milliseconds(200)
        let connection = try RedisConnection(configuration)
        let process = server.processIdentifier
        kill(process, SIGSTOP)
        defer { kill(process, SIGCONT) }
        let start = ContinuousClock.now
        let error = #expect(throws: RedisError.self) { try connection.command("PING") }
        #expect(error?.code == .timeout)
        #expect(error?.isConnectionLost == true)
        #expect((.milliseconds(200) ... .seconds(5)).contains(ContinuousClock.now - start))
        configuration.connectTimeout = .milliseconds(200)
        // The kernel accepts for the stopped server; its silence shows at the greeting.
        let again = #expect(throws: RedisError.self) { try RedisConnection(configuration) }
        #expect(again?.code == .timeout)
    }

    @Test("differs from a server that loads its data, which is a retryable error")
    func loading() throws {
        let peer = try ScriptedPeer { _ in "-LOADING Redis is loading the dataset in memory\r\n" }
        let error = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: "redis://:pw@127.0.0.1:\(peer.port)"))
        }
        #expect(
            error?.message
                == """
                Redis at redis://:***@127.0.0.1:\(peer.port)/0 refused the connection: \
                LOADING Redis is loading the dataset in memory
                """
        )
        #expect(error?.isRetryable == true)
        #expect(error?.isConnectionLost == true)
    }
}
