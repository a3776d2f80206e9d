import EmbeddedRedis
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Redis

@Suite("A connection through sentinels")
final class MasterWatchTests: Sendable {
    let server: EmbeddedRedisServer
    let port: Int
    private static let message = ScriptedPeer.array(["message", "+switch-master", "m 127.0.0.1 1 127.0.0.1 2"])

    init() throws {
        port = try freePort()
        server = try EmbeddedRedisServer(extraArguments: ["--port", "\(port)", "--bind", "127.0.0.1"])
    }

    deinit {
        server.stop()
    }

    private func connect(_ sentinels: ScriptedPeer...) throws -> RedisConnection {
        try RedisConnection(
            RedisConfiguration(url: "sentinel://\(sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ","))/m"))
    }

    /// Sends until a command fails or the time is over.
    private func failure(of connection: RedisConnection, within time: Duration = .seconds(10)) throws -> RedisError? {
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            do throws(RedisError) {
                _ = try connection.command("PING")
            } catch {
                return error
            }
        }
        return nil
    }

    private func queries(_ peer: ScriptedPeer) -> Int { peer.commands.count { $0 == ["SENTINEL", "MASTER", "m"] } }

    @Test("ends when a sentinel names another master, before it sends anything more to the old one")
    func switched() throws {
        let named = Mutex<Int?>(port)
        let sentinel = try ScriptedPeer.sentinel(naming: named.withLock { $0 }, epoch: 1)
        let connection = try connect(sentinel)
        #expect(try failure(of: connection, within: .milliseconds(50)) == nil)
        named.withLock { $0 = 7_777 }
        sentinel.push(Self.message)
        let error = try failure(of: connection)
        let expected = """
            Redis at redis://127.0.0.1:\(port)/0 is not the master any more: \
            the sentinels name redis://127.0.0.1:7777/0
            """
        #expect(error?.message == expected)
        #expect(error?.code == .connectionClosed)
        #expect(error?.isRetryable == true)
        #expect(!connection.isUsable)
    }

    @Test("survives unrelated messages, restarts and the loss of its sentinels")
    func survives() throws {
        let talking = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        let steady = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        let connection = try connect(talking, steady)
        talking.push(Self.message)
        #expect(try failure(of: connection, within: .milliseconds(150)) == nil)
        #expect(queries(steady) == 2)
        talking.hangUp()
        #expect(try failure(of: connection, within: .milliseconds(150)) == nil)
        #expect(queries(steady) == 3)
        #expect(queries(talking) == 3)
        for sentinel in [talking, steady] {
            sentinel.refuse()
            sentinel.hangUp()
        }
        #expect(try failure(of: connection, within: .milliseconds(150)) == nil)
        #expect(connection.isUsable)
    }

    @Test("asks a sentinel that sends messages without end at most every 100 ms")
    func chatter() throws {
        let sentinel = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        let connection = try connect(sentinel)
        let start = ContinuousClock.now
        while queries(sentinel) < 4 {
            sentinel.push(Self.message)
            _ = try connection.command("PING")
        }
        #expect(ContinuousClock.now - start >= MasterWatch.shortestInterval * 3)
    }

    @Test("connects even if the sentinel refuses subscriptions")
    func noSubscription() throws {
        let sentinel = try ScriptedPeer.sentinel(naming: self.port, epoch: 1, listening: false)
        #expect(try connect(sentinel).command("PING").text == "PONG")
    }

    @Test("leaves no socket open, whether it is closed or released")
    func sockets() throws {
        let sentinel = try ScriptedPeer.sentinel(naming: self.port, epoch: 1)
        func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        let before = try descriptors()
        for number in 0..<200 {
            let connection = try connect(sentinel)
            if number.isMultiple(of: 2) { connection.close() }
        }
        // The peer's ends of the last ones may still be open.
        #expect(try descriptors() < before + 100)
    }
}
